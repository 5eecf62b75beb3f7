// Questions before a press is done. Escape and やめる answer null and change nothing.
import { field, show, text } from "./dom.js";

const dialogOf = (name) => document.querySelector(`[data-dialog="${name}"]`);

/** Whether a question is open; keys then belong to it. */
export const asking = () => document.querySelector("dialog[open]") !== null;

/** Asks with the dialog `name` under `title`; gives what was filled in as {name: value}, or null. */
export function ask(name, title, { prepare = () => {}, valid = () => true } = {}) {
  const dialog = dialogOf(name);
  const form = dialog.querySelector("form");
  form.reset();
  text(field(dialog, "title"), title);
  prepare(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    let answer = null;
    form.onsubmit = (event) => {
      const values = Object.fromEntries(new FormData(form));
      if (valid(values)) answer = values;
      else event.preventDefault();
    };
    dialog.querySelector("[data-dialog-leave]").onclick = () => dialog.close();
    dialog.onclose = () => resolve(answer);
  });
}

/** Asks where a ticket goes; gives {service?, counter?} with at least one, or null. */
export async function askTransfer(ticket, title) {
  const dialog = dialogOf("transfer");
  const problem = field(dialog, "problem");
  const boxes = dialog.querySelectorAll("select");
  const mark = (wrong) => {
    show(problem, wrong);
    for (const box of boxes) box.setAttribute("aria-invalid", wrong);
  };
  const answer = await ask("transfer", title, {
    prepare() {
      mark(false);
      for (const option of dialog.querySelectorAll('[name="service"] option')) show(option, option.value !== ticket.service);
    },
    valid(values) {
      const somewhere = Boolean(values.service || values.counter);
      mark(!somewhere);
      return somewhere;
    },
  });
  return answer && Object.fromEntries(Object.entries(answer).filter(([, value]) => value));
}
