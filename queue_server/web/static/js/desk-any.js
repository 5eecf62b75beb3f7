// 番号を指定して呼ぶ: any number, typed as it stands on the slip.
import { field, text } from "./dom.js";

/**
 * Minds the form. `labels()` gives the labels that are live, `onCall(label, problem)` is told which one to call, with
 * `problem(sentence)` to say beside the box what is wrong. Leaving it, by Escape or done, moves the focus to `home`.
 * Returns {begin(digit), leave()}.
 */
export function numberForm({ labels, missing, home, onCall }) {
  const form = document.querySelector("[data-any]");
  const box = form.elements.label;

  function problem(sentence) {
    text(field(form, "label_problem"), sentence);
    box.setAttribute("aria-invalid", Boolean(sentence));
  }

  function leave() {
    form.reset();
    problem("");
    if (document.activeElement === box) home.focus();
  }

  /** The label that was meant, however it was typed: full-width digits, small letters. */
  function meant() {
    const typed = box.value.normalize("NFKC").trim();
    return labels().find((label) => label.toLowerCase() === typed.toLowerCase()) ?? typed;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const label = meant();
    problem(label ? "" : missing);
    if (label) onCall(label, problem);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave();
  });

  return {
    leave,
    begin(digit) {
      box.value = digit;
      box.focus();
    },
  };
}
