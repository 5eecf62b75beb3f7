// The choices as the board has them: how crowded each service is, and why one cannot be chosen.
import { el, field, show, syncChildren, text } from "../../../static/js/dom.js";
import { clockParts, clockText, dayText, fill, levelWord, rangeText } from "../../../static/js/format.js";

/** Every service of a board. */
export const servicesOf = (board) => board.categories.flatMap((category) => category.services);

/** What the page was built from; when a board says otherwise, the page has to be built anew. */
export const structureOf = (board) =>
  JSON.stringify(board.categories.map(({ id, name, services }) => [id, name, services.map((each) => [each.id, each.name, each.note])]));

/** Why no number of this service can be had now; "" when it can. */
function whyNot(board, service, messages) {
  if (service.accepting) return "";
  if (service.paused) return messages.paused;
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

/** What a closed hall says below its headline. */
function closedLines(board, messages) {
  const { status } = board;
  const lines = [];
  const say = (key, iso) => iso && lines.push(fill(messages[key], { day: dayText(iso), ...clockParts(iso) }));
  if (status.reason && status.phase === "closed_day") lines.push(fill(messages.closed_reason, { reason: status.reason }));
  if (status.phase === "before_opening") say("opens_at", status.opens);
  else if (status.phase === "break") say("resumes_at", status.next_open);
  else say("next_open", status.next_open);
  if (servicesOf(board).some((service) => service.waiting_count || service.calling.length)) lines.push(messages.after_closing_waiting);
  return lines;
}

function openingLine(board, messages) {
  const { closes, reason } = board.status;
  const until = closes ? fill(messages.open_until, clockParts(closes)) : "";
  const special = reason ? fill(messages.special_open, { reason }) : "";
  return [until, special].filter(Boolean).join(" ");
}

/** Open or closed, the time, the notices. A hall that issues nothing says so instead of offering choices. */
export function showOpening(board, messages, away) {
  const { open, phase } = board.status;
  const issuing = open && board.storage.writable;
  const root = document.querySelector('section[data-screen="idle"]');
  text(field(root, "headline"), messages[phase]);
  text(field(root, "status_line"), open ? openingLine(board, messages) : "");
  show(root.querySelector("[data-opening]"), open);
  show(root.querySelector('[data-part="lead"]'), issuing && !away);
  show(root.querySelector('[data-part="choices"]'), issuing);
  show(root.querySelector('[data-part="closed"]'), !issuing);
  text(field(root, "closed_headline"), open ? messages.storage : messages[phase]);
  showLines(root.querySelector('[data-list="closed"]'), open ? [messages.ask_staff] : closedLines(board, messages));
  const notices = root.querySelector('[data-list="notices"]');
  showLines(notices, board.notices.map((notice) => notice.text), "notices__item");
  show(notices, board.notices.length > 0);
  for (const node of document.querySelectorAll('[data-field="clock"]')) text(node, clockText(board.as_of));
  show(document.querySelector("[data-simulated]"), board.simulated);
  show(document.querySelector('[data-part="clock"]'), !board.simulated);
}

function showLines(list, lines, className = "") {
  syncChildren(list, lines, { key: (line) => line, make: (line) => el("li", { class: className, text: line }) });
}
