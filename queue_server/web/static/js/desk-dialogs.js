// Questions before a press is done. Escape and やめる answer null and change nothing.
import { field, text } from "./dom.js";

const dialogOf = (name) => document.querySelector(`[data-dialog="${name}"]`);
const TYPING = 'input:not([type="checkbox"], [type="radio"]), textarea';

/** Whether a question is open; keys then belong to it. */
export const asking = () => document.querySelector("dialog[open]") !== null;

/**
 * Asks with the dialog `name` under `title`; gives what was filled in as {name: value}, or null. `prepare(dialog)` fills
 * it before it is shown; it stays open while `valid(values)` says no. A button with data-choice answers at once: its
 * value goes into the box that data-into names.
 */
export function ask(name, title, { prepare = () => {}, valid = () => true } = {}) {
  const dialog = dialogOf(name);
  const form = dialog.querySelector("form");
  form.reset();
  if (title) text(field(dialog, "title"), title);
  prepare(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    let answer = null;
    form.onsubmit = (event) => {
      const values = Object.fromEntries(new FormData(form));
      if (valid(values, dialog)) answer = values;
      else event.preventDefault();
    };
    for (const choice of dialog.querySelectorAll("[data-choice]")) {
      choice.onclick = () => {
        form.elements[choice.dataset.into].value = choice.dataset.choice;
        form.requestSubmit();
      };
    }
    for (const leave of dialog.querySelectorAll("[data-dialog-leave]")) leave.onclick = () => dialog.close();
    dialog.onkeydown = (event) => keyIn(dialog, form, event);
    dialog.onclose = () => resolve(answer);
  });
}

/** A digit is the touch of the button that shows it; Enter answers also from a list box. */
function keyIn(dialog, form, event) {
  // What had the focus here keeps it until the page is drawn without it; a key that comes meanwhile is the page's.
  if (!dialog.open) return;
  // The page below must not take a key for its own when the question closes with it.
  event.stopPropagation();
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Enter" && event.target.matches("select")) {
    event.preventDefault();
    form.requestSubmit();
  }
  if (!/^[0-9]$/.test(event.key) || event.target.matches(TYPING)) return;
  const touched = dialog.querySelector(`[data-digit="${event.key}"]`);
  if (!touched) return;
  event.preventDefault();
  if (touched.matches(TYPING)) touched.focus();
  else touched.click();
}
