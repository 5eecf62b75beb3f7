// The hall's screen: keeps the server's page and replaces what a newer board says differently.
import { el, field, readJSON, show, syncChildren, text } from "../../../static/js/dom.js";
import { fill } from "../../../static/js/format.js";
import { showLink } from "../../../static/js/link-state.js";
import { connect } from "../../../static/js/live.js";
import { announcer } from "./announcer.js";
import { hallTexts, room } from "./hall-texts.js";
import { announce, callWatcher, showHeading, showTexts } from "./page-parts.js";
import { serviceView, servicesOf } from "./services.js";
import { statusLines } from "./status-words.js";

const FRESH_MS = 20_000;
// The same limits as in view.py.
const CROWDS = [["few", 4], ["some", 6], ["many", 8]];
const NUMBER_SIGNS = 36;
const STATUS_SIGNS = 50;

const messages = readJSON("messages");
const list = document.querySelector('[data-list="calls"]');
const freshTimers = new Map();
let board = readJSON("board");
const newCalls = callWatcher(board);
const speak = announcer(board);

/** The calls that still stand: called numbers, newest first, then those already at the counter. */
const standingCalls = ({ calls }) => [...calls.filter((c) => c.state === "called"), ...calls.filter((c) => c.state === "serving")];

function makeCall() {
  const part = (name) => el("span", { class: name });
  return el("li", { class: "call" }, part("call__label number"), " ", part("call__counter"), " ", part("call__state"));
}

function showCalls() {
  const calls = standingCalls(board);
  syncChildren(list, calls, {
    key: (call) => call.label,
    make: makeCall,
    update(node, call) {
      node.dataset.state = call.state;
      text(node.querySelector(".call__label"), call.label);
      text(node.querySelector(".call__counter"), call.counter_name);
      text(node.querySelector(".call__state"), call.state === "serving" ? messages.serving : "");
      if (call.state !== "called") node.classList.remove("is-fresh");
    },
  });
  list.dataset.crowd = CROWDS.find(([, most]) => calls.length <= most)?.[0] ?? "most";
  list.dataset.newest = calls[0]?.state ?? "";
  const nobody = calls.length === 0;
  show(document.querySelector('[data-part="no-calls"]'), nobody && board.status.open);
  show(document.querySelector('[data-part="closed"]'), nobody && !board.status.open);
}

/** Marks a call as new; a recall of the same number begins anew. */
function markFresh(label) {
  const node = [...list.children].find((each) => each.dataset.key === label);
  if (!node) return;
  clearTimeout(freshTimers.get(label));
  node.classList.remove("is-fresh");
  node.getBoundingClientRect();
  node.classList.add("is-fresh");
  freshTimers.set(label, setTimeout(() => node.classList.remove("is-fresh"), FRESH_MS));
}

function firstWaiting(labels) {
  const rest = labels.length - messages.first_waiting;
  const more = rest > 0 ? [fill(messages.more, { count: rest })] : [];
  return [...labels.slice(0, messages.first_waiting), ...more].join(" ");
}

/** Marks a node whose texts have more signs than its place holds at full size. */
function markLong(node, texts, most) {
  node.toggleAttribute("data-long", texts.join("").length > most);
}

function showHallTexts() {
  const texts = hallTexts(board, messages);
  const node = document.querySelector('[data-list="texts"]');
  showTexts(node, texts);
  show(node, texts.length > 0);
  show(document.querySelector('[data-part="no-texts"]'), texts.length === 0);
  document.querySelector("[data-room]").dataset.room = room(texts);
}

function showLine(line, view) {
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
  text(field(line, "waiting"), firstWaiting(view.waiting));
  show(line.querySelector('[data-part="waiting"]'), view.waiting.length > 0);
}

function showBoard(next) {
  board = next;
  showHeading(document, board, messages);
  markLong(document.querySelector(".board__status"), [messages[board.status.phase], ...statusLines(board, messages)], STATUS_SIGNS);
  const fresh = newCalls(board);
  showCalls();
  for (const { label } of fresh) markFresh(label);
  const services = servicesOf(board);
  for (const service of services) {
    const line = document.querySelector(`[data-service="${CSS.escape(service.id)}"]`);
    if (line) showLine(line, serviceView(board, service, messages));
  }
  for (const state of ["no_show", "held"]) {
    const labels = services.flatMap((each) => each[state]);
    const numbers = document.querySelector(`[data-list="${state}"]`);
    showTexts(numbers, labels, "number");
    markLong(numbers, labels, NUMBER_SIGNS);
  }
  showHallTexts();
  announce(document, fresh, messages);
  speak(board);
}

connect({
  site: board.site.id,
  board,
  onBoard: showBoard,
  onLink: ({ state }) => showLink(state, { asOf: board.as_of, template: messages.stale }),
});
