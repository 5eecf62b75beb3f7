// The number at this counter, the big button, the buttons that are lawful now; or why there are none.
import { MOVE_KEYS } from "./desk-commands.js";
import { minutesSince, minutesUntil, priorityText, serviceText } from "./desk-state.js";
import { el, field, show, syncChildren, text } from "./dom.js";
import { clockText, fill } from "./format.js";

const root = document.querySelector("[data-current]");
const part = (name) => root.querySelector(`[data-part="${name}"]`);
const main = root.querySelector('[data-key="main"]');
const undo = root.querySelector('[data-key="undo"]');

/** What the big button does now: "open", "reopen" (after a break), "complete" (and call), "next"; null for nothing. */
export function mainAction({ situation, current }) {
  if (situation === "open") return current ? "complete" : "next";
  return { closed: "open", break: "reopen", taken: null }[situation];
}

const MAIN_WORDS = { open: "open_counter", reopen: "reopen_counter", complete: "complete_and_call", next: "call_next" };

/** What a press of undo takes back; completing and calling was one press. */
function undoText(press, messages) {
  if (press.moves.length === 1) return fill(messages[`undo_${press.move}`], press);
  return fill(messages.undo_complete_and_call, { completed: press.moves[0].label, label: press.label });
}

function nextText(state, messages) {
  if (state.situation !== "open") return "";
  if (!state.next) return messages.nobody;
  return fill(messages.next, { label: state.next.label, service: serviceText(state.next) });
}

function showTicket(view, ticket, messages) {
  show(part("ticket"), ticket);
  if (!ticket) return;
  text(field(root, "label"), ticket.label);
  text(field(root, "state"), messages[`state_${ticket.state}`]);
  field(root, "state").dataset.state = ticket.state;
  text(field(root, "priority"), priorityText(view, ticket, messages));
  text(field(root, "service"), serviceText(ticket));
  text(field(root, "since"), fill(messages.since_call, { minutes: minutesSince(view, ticket.called_at) }));
}

function showBreak(view, until, messages) {
  show(part("break"), until);
  if (!until) return;
  const time = clockText(until);
  const minutes = minutesUntil(view, until);
  text(field(root, "break_until"), time);
  text(field(root, "break_left"), fill(minutes ? messages.break_left : messages.break_over, { time, minutes }));
}

/** Somebody else works here: `lost` when they came while this person did. */
function showTaken({ situation, other }, { lost, me, messages }) {
  show(part("taken"), situation === "taken");
  part("taken").toggleAttribute("data-lost", lost);
  if (situation !== "taken") return;
  text(field(root, "taken"), fill(lost ? messages.taken_from_you : messages.taken, { clerk: other }));
  const take = root.querySelector('[data-key="take"]');
  text(field(take, "word"), lost ? messages.take_back : messages.take_counter);
  show(take, me.clerk);
  show(root.querySelector('[data-key="assist"]'), me.assists);
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

/** Shows the current number, the big button, exactly the lawful moves, and what can be taken back. */
export function showCurrent(view, state, { lost, me, messages }) {
  const { situation } = state;
  const taken = situation === "taken";
  const current = taken ? null : state.current;
  const onBreak = situation === "break" ? state.counter.break_until : null;
  showTaken(state, { lost, me, messages });
  showTicket(view, current, messages);
  showBreak(view, onBreak, messages);
  show(part("none"), !current && !onBreak && !taken);
  const badge = document.querySelector('[data-field="counter_state"]');
  badge.dataset.state = situation;
  text(badge, messages[`counter_${situation}`]);
  show(main, !taken);
  text(field(main, "word"), messages[MAIN_WORDS[mainAction(state)]]);
  const next = field(root, "next");
  text(next, nextText(state, messages));
  show(next, situation === "open");
  const moves = Object.keys(MOVE_KEYS).filter((move) => current?.moves.includes(move));
  syncChildren(root.querySelector("[data-moves]"), moves, { key: (move) => move, make: (move) => moveButton(move, messages) });
  show(undo, state.undo && !taken);
  if (state.undo) text(field(undo, "word"), undoText(state.undo, messages));
}
