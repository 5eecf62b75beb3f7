// The choices as the board has them: how crowded each service is, and why one cannot be chosen.
import { field, show, text } from "../../../static/js/dom.js";
import { fillTime, levelWord, rangeText } from "../../../static/js/format.js";

/** Every service of a board. */
export const servicesOf = (board) => board.categories.flatMap((category) => category.services);

/** What the page was built from; when a board says otherwise, the page has to be built anew. */
export const structureOf = (board) =>
  JSON.stringify(board.categories.map(({ id, name, services }) => [id, name, services.map((each) => [each.id, each.name, each.note])]));

/** Why no number of this service can be had now; "" when it can. */
function whyNot(board, service, messages) {
  if (service.accepting) return "";
  if (service.paused && service.ended_today) return messages.after_closing;
  if (service.paused) return fillTime(messages.paused_since, service.paused_since);
  if (service.full && board.status.open) return messages.full;
  return board.status.open ? messages.not_accepting : messages[board.status.phase];
}

function showCrowd(root, board, service, messages) {
  const why = whyNot(board, service, messages);
  text(field(root, "why"), why);
  show(field(root, "why"), why);
  const level = root.querySelector('[data-part="level"]');
  field(level, "level").dataset.level = service.level.key;
  text(level.querySelector(".level__word"), levelWord(service.level, messages));
  show(level, !why);
  text(field(root, "people"), service.waiting_count);
  text(field(root, "range"), rangeText(service.estimate, messages));
  show(root.querySelector('[data-part="range"]'), !why && service.estimate);
}

/** Fills the choices from a board; with `away` (no line to the server) none can be touched. */
export function showChoices(board, messages, away) {
  for (const service of servicesOf(board)) {
    const id = CSS.escape(service.id);
    showCrowd(document.querySelector(`[data-line="${id}"]`), board, service, messages);
    const button = document.querySelector(`[data-service="${id}"]`);
    showCrowd(button, board, service, messages);
    button.disabled = away || !service.accepting;
  }
  for (const category of board.categories) {
    const button = document.querySelector(`[data-category="${CSS.escape(category.id)}"]`);
    button.disabled = away || !category.services.some((service) => service.accepting);
  }
}
