// Cells of the two tables. Where a window is too narrow for columns, each figure carries its column's name.
import { el } from "./dom.js";

/** A cell of the column `name` (as the column's head says); `field` is filled in later. */
export function cell(name, field, ...children) {
  const value = el("span", { class: "grid__value number", dataset: { field } });
  return el("td", { role: "cell", dataset: { name, cell: field } }, value, ...children);
}

/** The cell of a row's buttons. */
export const buttonsCell = (name) =>
  el("td", { role: "cell", class: "grid__actions", dataset: { name } }, el("span", { class: "grid__buttons" }));

/** The head of a row: what it is about, and what is to be known of it. */
export const rowHead = (...children) => el("th", { role: "rowheader", scope: "row" }, ...children);

/** A button that does `action` to what `dataset` names. */
export function actionButton(action, word, dataset, label = "") {
  const about = { type: "button", text: word, "aria-label": label || null, dataset: { action, ...dataset } };
  return el("button", { class: "press press--row press--quiet", ...about });
}

/** The names of a table's columns. */
export const columnsOf = (list) => [...list.closest("table").querySelectorAll("thead th")].map((head) => head.textContent);
