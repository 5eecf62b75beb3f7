// The hall as a whole: open until when, or closed and why; breaks and notices.
import { breakLines, peopleHere } from "../../../static/js/breaks.js";
import { el, field, show, syncChildren, text } from "../../../static/js/dom.js";
import { clockParts, clockText, dayText, fill } from "../../../static/js/format.js";

const root = document.querySelector('section[data-screen="idle"]');
const choices = root.querySelector('[data-part="choices"]');
const density = choices.dataset.density;

/** What a closed hall says below its headline. */
function closedLines(board, messages) {
  const { status } = board;
  const lines = [];
  const say = (key, iso) => iso && lines.push(fill(messages[key], { day: dayText(iso), ...clockParts(iso) }));
  if (status.reason && status.ended_early) lines.push(fill(messages.ended_reason, status));
  if (status.reason && status.phase === "closed_day") lines.push(fill(messages.closed_reason, { reason: status.reason }));
  if (peopleHere(board)) lines.push(messages.after_closing_waiting);
  if (status.phase === "before_opening") say("opens_at", status.opens);
  else if (status.phase === "break") say("resumes_at", status.next_open);
  else say("next_open", status.next_open);
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
  text(field(root, "headline"), messages[phase]);
  text(field(root, "status_line"), open ? openingLine(board, messages) : "");
  show(root.querySelector("[data-opening]"), open);
  show(root.querySelector('[data-part="lead"]'), issuing && !away);
  show(choices, issuing);
  show(root.querySelector('[data-part="closed"]'), !issuing);
  text(field(root, "closed_headline"), open ? messages.storage : messages[phase]);
  showLines(root.querySelector('[data-list="closed"]'), open ? [messages.ask_staff] : closedLines(board, messages));
  showTexts(board.notices.map((notice) => notice.text), breakLines(board, messages));
  for (const node of document.querySelectorAll('[data-field="clock"]')) text(node, clockText(board.as_of));
  show(document.querySelector("[data-simulated]"), board.simulated);
  show(document.querySelector('[data-part="clock"]'), !board.simulated);
}

/**
 * How notices are set above the choices of an upright panel: a box each, one box for all, that in the room that roomy
 * choices give by standing closer, or as small as must be. Counted in signs a line and lines; a box, and breaks, add one.
 */
function roomFor(notices, breaks) {
  const others = breaks.length && 1 + breaks.length;
  const lines = (signs, more) => notices.reduce((sum, each) => sum + Math.ceil([...each].length / signs) + more, others);
  if (lines(38, 1) <= 6) return "boxes";
  if (lines(42, 0) <= 5) return "box";
  return density === "roomy" ? "rows" : "small";
}

/** Notices and breaks. */
function showTexts(notices, breaks) {
  const room = roomFor(notices, breaks);
  const list = root.querySelector('[data-list="notices"]');
  showLines(list, notices, "notices__item");
  show(list, notices.length > 0);
  list.dataset.room = room;
  // What is scrolled has to be reached by keyboard.
  if (room === "boxes") list.removeAttribute("tabindex");
  else list.tabIndex = 0;
  choices.dataset.density = room === "rows" ? "rows" : density;
  showLines(root.querySelector('[data-list="breaks"]'), breaks);
  show(root.querySelector('[data-list="breaks"]'), breaks.length > 0);
}

function showLines(list, lines, className = "") {
  syncChildren(list, lines, { key: (line) => line, make: (line) => el("li", { class: className, text: line }) });
}
