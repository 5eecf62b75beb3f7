// The services on a hall's screen, a line each; more than a screen holds take turns.
import { field, show, text } from "../../../static/js/dom.js";
import { fill } from "../../../static/js/format.js";
import { serviceView, servicesOf } from "./services.js";

const TURN_MS = 10_000;
const page = document.querySelector('[data-part="page"]');
const lines = [...document.querySelectorAll("[data-service]")];

let first = 0;

function firstWaiting(labels, messages) {
  const rest = labels.length - messages.first_waiting;
  const more = rest > 0 ? [fill(messages.more, { count: rest })] : [];
  return [...labels.slice(0, messages.first_waiting), ...more].join(" ");
}

/** The level of a service, or why no number can be had, in the second language. */
function levelBeside(view, { messages }) {
  return view.stopped ? messages[`${view.stopped}_short`] : (view.level?.word ?? "");
}

function showLine(line, view, messages) {
  const level = line.querySelector('[data-part="level"]');
  show(level, view.level);
  if (view.level) {
    field(level, "level").dataset.level = view.level.key;
    text(level.querySelector(".level__word"), view.level.word);
  }
  text(field(line, "call_label"), view.callLabel || "–");
  text(field(line, "people"), view.people);
  text(field(line, "range"), view.range || "–");
  text(field(line, "stopped"), messages[`${view.stopped}_short`]);
  show(field(line, "stopped"), view.stopped);
  text(field(line, "waiting"), firstWaiting(view.waiting, messages));
  show(line.querySelector('[data-part="waiting"]'), view.waiting.length > 0);
}

/** Fills every line from a board's share. */
export function showLines(board, { tongue, beside }) {
  for (const service of servicesOf(board)) {
    const line = lines.find((each) => each.dataset.service === service.id);
    if (!line) continue;
    showLine(line, serviceView(board, service, tongue.messages), tongue.messages);
    if (beside) text(field(line, "level_second"), levelBeside(serviceView(board, service, beside.messages), beside));
  }
}

function showPage(rows) {
  lines.forEach((line, index) => show(line, index >= first && index < first + rows));
  const pages = Math.ceil(lines.length / rows);
  text(page, `${first / rows + 1} / ${pages}`);
}

/** Lets the lines take turns where there are more than `rows` (0 for all at once). */
export function turnPages(rows) {
  if (!rows || lines.length <= rows) return;
  showPage(rows);
  setInterval(() => {
    first = first + rows < lines.length ? first + rows : 0;
    showPage(rows);
  }, TURN_MS);
}
