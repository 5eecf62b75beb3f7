// 番号を指定して呼ぶ: any number, typed as it stands on the slip; what else is lawful for it stands below.
import { field, text } from "./dom.js";

const root = document.querySelector("[data-any]");
const form = root.querySelector("[data-any-form]");
const box = form.elements.label;

/** A label however it was typed: full-width digits, small letters. */
const normal = (label) => label.normalize("NFKC").trim().toLowerCase();

/**
 * Minds the form. `tickets()` gives those that are live, `showMeant(ticket or null)` is told whose number stands in the
 * box, `onCall(label, problem)` which one to call, with `problem(sentence)` to say beside the box what is wrong. Leaving
 * it, by Escape or done, moves the focus to `home`. Returns {begin(digit), leave(), refresh()}.
 */
export function numberForm({ tickets, showMeant, missing, home, onCall }) {
  const meant = () => tickets().find((ticket) => normal(ticket.label) === normal(box.value)) ?? null;

  function problem(sentence) {
    text(field(form, "label_problem"), sentence);
    box.setAttribute("aria-invalid", Boolean(sentence));
  }

  function leave() {
    const within = root.contains(document.activeElement);
    form.reset();
    problem("");
    showMeant(null);
    if (within) home.focus();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const label = meant()?.label ?? box.value.normalize("NFKC").trim();
    problem(label ? "" : missing);
    if (label) onCall(label, problem);
  });
  box.addEventListener("input", () => {
    problem("");
    showMeant(meant());
  });
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave();
  });

  return {
    leave,
    refresh: () => showMeant(meant()),
    begin(digit) {
      box.value = digit;
      problem("");
      showMeant(meant());
      box.focus();
    },
  };
}
