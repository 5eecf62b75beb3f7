// Questions with their forms. Escape and やめる change nothing; a refusal stands beside its field and keeps what was typed.
import { field, text } from "./dom.js";
import { around, focusNear } from "./supervisor-focus.js";

/** The element of the question `name`. */
export const dialogOf = (name) => document.querySelector(`[data-dialog="${name}"]`);

const problemOf = (control) =>
  (control.getAttribute("aria-describedby") ?? control.closest("fieldset")?.getAttribute("aria-describedby") ?? "")
    .split(" ")
    .map((id) => document.getElementById(id))
    .find((node) => node?.matches("[data-problem]"));

const controlsOf = (form, name) => [...form.querySelectorAll(`[name="${name}"]`)];

/** Shows what is wrong: `problems` is {name of a control: sentence}. Gives the sentences that found no place. */
function showProblems(form, problems) {
  for (const node of form.querySelectorAll("[data-problem]")) text(node, "");
  for (const control of form.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
  const homeless = [];
  let first = null;
  for (const [name, sentence] of Object.entries(problems)) {
    const controls = controlsOf(form, name);
    const place = controls[0] && problemOf(controls[0]);
    if (!place) {
      homeless.push(sentence);
      continue;
    }
    text(place, sentence);
    for (const control of controls) control.setAttribute("aria-invalid", "true");
    first ??= controls.find((control) => control.type !== "radio" || control.checked) ?? controls[0];
  }
  first?.focus();
  return homeless;
}

/** Which opening of a question is the present one: an answer that comes late belongs to an earlier one. */
const openings = new WeakMap();

function openDialog(dialog) {
  const opener = around(document.activeElement);
  const opening = {};
  openings.set(dialog, opening);
  dialog.querySelector("[data-dialog-leave]").onclick = () => dialog.close();
  dialog.onclose = () => {
    // What had the focus before may be gone by now.
    if (document.activeElement === document.body || dialog.contains(document.activeElement)) focusNear(opener);
  };
  dialog.showModal();
  return () => dialog.open && openings.get(dialog) === opening;
}

/** Opens the question `name`, which only shows something. */
export const showDialog = (name) => openDialog(dialogOf(name));

/**
 * Opens the question `name` under `title`. `prepare(form)` fills the form in; `submit(form)` does what is asked and gives
 * {done} (a sentence) or {next} (a function) when the question is over, {wrong} ({name of a control: sentence}) when it
 * is not, or null when that was said already. `say(sentence, kind)` says what belongs to no control.
 */
export function askForm(name, { title, prepare = () => {}, submit, say }) {
  const dialog = dialogOf(name);
  const form = dialog.querySelector("form");
  form.reset();
  showProblems(form, {});
  text(field(dialog, "title"), title);
  prepare(form);
  const isOpen = openDialog(dialog);
  say("");
  let underWay = false;

  form.onsubmit = async (event) => {
    event.preventDefault();
    if (underWay) return;
    underWay = true;
    showProblems(form, {});
    const { done, next, wrong } = (await submit(form)) ?? {};
    underWay = false;
    if (wrong) {
      const homeless = isOpen() ? showProblems(form, wrong) : Object.values(wrong);
      if (homeless.length) say(homeless.join(" "), "problem");
    } else if (done || next) {
      if (isOpen()) dialog.close();
      if (done) say(done);
      next?.();
    }
  };
}
