// The whole hall in four figures, and whether numbers are given out.
import { field, fields, show, text } from "./dom.js";
import { clockParts, clockText, dayText, fill } from "./format.js";

const ENDED = ["after_closing", "closed_day"];

/** Until or from when numbers are given out. */
function receptionLine(status, messages) {
  const say = (key, iso) => (iso ? fill(messages[key], { day: dayText(iso), ...clockParts(iso) }) : "");
  if (status.phase === "open") return say("open_until", status.closes);
  if (status.phase === "before_opening") return say("opens_at", status.opens);
  if (status.phase === "break") return say("resumes_at", status.next_open);
  return say("next_open", status.next_open);
}

/** What staff changed by hand today, and why it is a special day; empty where the usual hours decide. */
function byHandLine({ reception, status }, messages) {
  const parts = [];
  if (reception.by_hand === "open") parts.push(messages.by_hand_open);
  if (reception.by_hand === "closed") parts.push(status.ended_early ? messages.ended_early : messages.by_hand_closed);
  if (reception.reason) parts.push(fill(messages.by_hand_reason, reception));
  else if (status.reason) parts.push(fill(messages[status.phase === "closed_day" ? "closed_reason" : "special_open"], status));
  return parts.join(" ");
}

function showReception(root, view, messages) {
  const { status, reception } = view;
  const badge = field(root, "reception");
  badge.dataset.state = status.open ? "open" : "closed";
  text(badge, messages[status.phase]);
  text(field(root, "reception_line"), receptionLine(status, messages));
  const line = byHandLine(view, messages);
  text(field(root, "by_hand"), line);
  show(field(root, "by_hand"), line);
  text(field(root, "open_word"), status.open ? messages.extend : messages.open_by_hand);
  show(root.querySelector('[data-action="reception-close"]'), reception.by_hand !== "closed" && !ENDED.includes(status.phase));
  show(root.querySelector('[data-action="reception-reset"]'), reception.by_hand !== null);
}

/** Shows the figures, the reception and the time of the view. */
export function showOverview(view, state, messages) {
  const root = document.querySelector(".overview");
  text(field(root, "waiting"), fill(messages.people, { count: state.waiting }));
  text(field(root, "longest"), state.longest === null ? messages.none : fill(messages.minutes, { minutes: state.longest }));
  text(field(root, "serving"), fill(messages.people, { count: state.atCounters }));
  text(field(root, "counters_open"), fill(messages.of_counters, { open: state.countersOpen, all: state.counters.length }));
  field(root, "longest").dataset.over = view.alerts.some(({ kind }) => kind === "wait");
  showReception(root, view, messages);
  show(document.querySelector("[data-simulated]"), view.simulated);
  show(document.querySelector('[data-part="as_of"]'), !view.simulated);
  for (const node of fields(document, "clock")) text(node, clockText(view.as_of));
}
