// The number at this counter and the buttons that are lawful for it.
import { el, field, show, syncChildren, text } from "./dom.js";
import { MOVE_KEYS } from "./desk-commands.js";
import { minutesSince } from "./desk-state.js";
import { fill } from "./format.js";

const root = document.querySelector("[data-current]");
const main = root.querySelector('[data-key="main"]');

/** What the big button does now: "open", "complete" (and call) or "next". */
export const mainAction = (state) => (!state.counter.open ? "open" : state.current ? "complete" : "next");

const MAIN_WORDS = { open: "open_counter", complete: "complete_and_call", next: "call_next" };

function serviceText(ticket) {
  return ticket.stage ? `${ticket.service_name}（${ticket.stage}）` : ticket.service_name;
}

function nextText(state, messages) {
  const next = state.waiting[0];
  if (!next) return messages.nobody;
  return fill(messages.next, { label: next.label, service: serviceText(next) });
}

function showTicket(view, ticket, messages) {
  show(root.querySelector('[data-part="ticket"]'), ticket);
  show(root.querySelector('[data-part="none"]'), !ticket);
  if (!ticket) return;
  text(field(root, "label"), ticket.label);
  text(field(root, "state"), messages[`state_${ticket.state}`]);
  field(root, "state").dataset.state = ticket.state;
  text(field(root, "service"), serviceText(ticket));
  text(field(root, "since"), fill(messages.since_call, { minutes: minutesSince(view, ticket.called_at) }));
}

function moveButton(move, messages) {
  const key = MOVE_KEYS[move];
  return el(
    "button",
    { class: "press", type: "button", "aria-keyshortcuts": key, dataset: { move } },
    el("span", { text: messages[`move_${move}`] }),
    el("kbd", { class: "key", "aria-hidden": "true", text: key }),
  );
}

/** Shows the current number, the big button and exactly the lawful moves. */
export function showCurrent(view, state, messages) {
  showTicket(view, state.current, messages);
  const badge = document.querySelector('[data-field="counter_state"]');
  badge.dataset.state = state.counter.open ? "open" : "closed";
  text(badge, state.counter.open ? messages.counter_open : messages.counter_closed);
  text(field(main, "word"), messages[MAIN_WORDS[mainAction(state)]]);
  text(field(root, "next"), state.counter.open ? nextText(state, messages) : "");
  const moves = Object.keys(MOVE_KEYS).filter((move) => state.current?.moves.includes(move));
  syncChildren(root.querySelector("[data-moves]"), moves, { key: (move) => move, make: (move) => moveButton(move, messages) });
  show(document.querySelector('[data-key="close"]'), state.counter.open);
}
