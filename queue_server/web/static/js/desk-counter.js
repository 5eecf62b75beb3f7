// The desk of one counter: one big key, and what is lawful now.
import { numberForm } from "./desk-any.js";
import { commandsOf, MOVE_KEYS } from "./desk-commands.js";
import { showCurrent } from "./desk-current.js";
import { asking } from "./desk-dialogs.js";
import { listenForKeys, walkRows } from "./desk-keys.js";
import { showLists, showRows } from "./desk-lists.js";
import { showNews } from "./desk-news.js";
import { showPeers } from "./desk-peers.js";
import { showPlace } from "./desk-place.js";
import { presser } from "./desk-press.js";
import { pressesOf } from "./desk-presses.js";
import { questionsOf } from "./desk-questions.js";
import { watchSession } from "./desk-session.js";
import { atCounter, deskState } from "./desk-state.js";
import { fields, readJSON, show, text } from "./dom.js";
import { clockText, fill } from "./format.js";
import { showLink } from "./link-state.js";
import { connect } from "./live.js";

const [messages, here, me] = ["messages", "here", "me"].map(readJSON);
let view = readJSON("desk");
let assisting = false;
let state = deskState(view, { here, me, assisting });
/** Somebody else came to this counter while this person worked at it. */
let lost = false;
let link = "live";
let underWay = null;

const find = (selector) => document.querySelector(selector);
const main = find('[data-key="main"]');
const taken = () => state.situation === "taken";
const commands = commandsOf({ site: view.site.id, counter: here.id, messages });
const questions = questionsOf({ view: () => view, state: () => state, me, messages });
const session = watchSession({
  site: view.site.id,
  version: () => view.version,
  idleMinutes: me.idle_minutes,
  onEnd: showOver,
});
const cutOff = () => link !== "live" || !view.storage.writable || session.ended();

const { press, say } = presser({
  messages,
  blocked: cutOff,
  onBusy: showBusy,
  refresh: () => live.refresh(),
  onSignedOut: () => session.end("press"),
});
const presses = pressesOf({
  state: () => state,
  press,
  commands,
  questions,
  waits: () => cutOff() || underWay !== null,
  assist() {
    assisting = true;
    showAll();
    main.focus();
  },
});

function showAll() {
  state = deskState(view, { here, me, assisting });
  showCurrent(view, state, { lost, me, messages });
  showLists(view, state, messages);
  showPeers(view, state.peers, messages);
  showPlace(view, state);
  showNews(view, messages);
  show(find("[data-any]"), !taken());
  anyNumber.refresh();
  showPart("assisting", assisting && state.other, fill(messages.assisting, { clerk: state.other }));
  showPart("storage", !view.storage.writable);
  show(find("[data-simulated]"), view.simulated);
  for (const node of fields(document, "clock")) text(node, clockText(view.as_of));
  showPressable();
}

function showPart(name, visible, sentence = null) {
  const part = find(`[data-part="${name}"]`);
  if (sentence !== null) text(part, visible ? sentence : "");
  show(part, visible);
}

/** A counter that is closed calls nobody; the list of keys can always be read. */
const needsOpen = ({ dataset }) => dataset.move === "call" && state.situation !== "open";
const needsNothing = ({ dataset }) => dataset.key === "keys";

/** The name under which a press of this button is known: its key, or the move and the ticket it is for. */
const nameOf = ({ dataset }) => (dataset.move ? [dataset.move, dataset.ticket ?? state.current?.id].join(" ") : dataset.key);

/** Buttons that have to wait stay where they are and keep the focus; pressing them does nothing. */
function showPressable() {
  const waits = cutOff() || underWay !== null;
  for (const button of document.querySelectorAll("button.press:not(dialog *)")) {
    button.setAttribute("aria-disabled", !needsNothing(button) && (waits || needsOpen(button)));
    button.toggleAttribute("data-under-way", underWay !== null && nameOf(button) === underWay);
  }
}

function showBusy(name) {
  underWay = name;
  if (name) session.deed();
  showPressable();
}

/** Nothing of the hall stays readable when nobody is signed in any more. */
function showOver(why) {
  live.close();
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  view = { ...view, tickets: [], undo: [], services: [], notices: [] };
  showAll();
  for (const part of document.querySelectorAll(".counter__alerts, [data-work], [data-lists], [data-place]")) show(part, false);
  text(find('[data-field="over_reason"]'), messages[`session_${why}`]);
  showPart("over", true);
  find('[data-part="over"] a').focus();
}

const anyNumber = numberForm({
  tickets: () => view.tickets,
  showMeant(ticket) {
    const elsewhere = ticket && atCounter(ticket) && ticket.counter !== here.id;
    showRows("meant", ticket ? [ticket] : [], { view, messages, offers: !taken() && !elsewhere, all: true });
    showPressable();
  },
  missing: messages.label_missing,
  home: main,
  onCall(label, problem) {
    const command = commands.call(label, problem);
    const done = (data) => {
      anyNumber.leave();
      return command.done(data);
    };
    press("any", { ...command, done });
  },
});

const ticketOf = ({ dataset }) => view.tickets.find((ticket) => ticket.id === (dataset.ticket ?? state.current?.id));

document.addEventListener("click", (event) => {
  const button = event.target.closest("button.press");
  if (!button || button.closest("dialog, form")) return;
  // The second half of a double click is no press of its own, whatever stands under the pointer by now.
  if (event.detail < 2 && button.ariaDisabled !== "true") {
    if (button.dataset.move) presses.move(ticketOf(button), button.dataset.move);
    else presses.button(button.dataset.key);
    if (button.closest("[data-any]")) anyNumber.leave();
  }
  // After a touch of the mouse the space bar belongs to the big button again.
  if (event.detail > 0 && !asking()) main.focus({ preventScroll: true });
});

/** Presses what stands on the page as this button, if it is there and does not have to wait. */
function pressButton(name) {
  const button = find(`button[data-key="${name}"]`);
  if (button.checkVisibility() && button.ariaDisabled !== "true") presses.button(name);
}

/** The row's own number is called earlier, or one that is asked for. */
function pressPriority(row) {
  if (!view.priorities.length || taken() || cutOff() || underWay) return;
  presses.priority(view.tickets.find((each) => each.id === row?.dataset.key && each.moves.includes("prioritize")) ?? null);
}

const firstRow = walkRows(find("[data-lists]"), main);
const KEYS = { N: "main", U: "undo", B: "break", G: "services", "?": "keys" };

listenForKeys({
  ready: () => !asking() && !session.ended(),
  onKey(key, event) {
    const move = Object.keys(MOVE_KEYS).find((name) => MOVE_KEYS[name] === key);
    if (KEYS[key]) pressButton(KEYS[key]);
    else if (key === "O") pressButton({ closed: "main", taken: "take" }[state.situation] ?? "close");
    else if (key === "L") firstRow();
    else if (key === "P") pressPriority(event.target.closest(".row"));
    else if (move) presses.move(state.current, move);
  },
  onDigit: (digit) => !taken() && anyNumber.begin(digit),
});

// What a question was asked from may be gone when it is answered, and what was filled in keeps the focus until the page is
// drawn without it: then the keyboard is at the big button again.
document.addEventListener(
  "close",
  ({ target }) => {
    const { activeElement } = document;
    if (activeElement === document.body || target.contains(activeElement)) main.focus({ preventScroll: true });
  },
  true,
);

find("[data-sign-out]")?.addEventListener("submit", async (event) => {
  const mine = ["open", "break"].includes(state.situation) && !state.other;
  if (!mine || cutOff()) return;
  event.preventDefault();
  const how = await questions.signOut();
  if (how === "close" && (await press("close", commands.close()))?.status !== 200) return;
  if (how) event.target.submit();
});

/** Says what somebody else did here, which this person has to know at once. */
function noteChange(before) {
  if (!state.other) assisting = false;
  if (!taken()) lost = false;
  else if (before.situation !== "taken") {
    lost = me.clerk !== null && before.counter.clerk === me.clerk;
    say("");
  }
  if (before.situation === "open" && state.situation === "closed" && underWay !== "close") say(messages.closed_elsewhere);
}

const live = connect({
  site: view.site.id,
  desk: true,
  onBoard: (board) => session.heardBoard(board.version),
  onDesk(next) {
    const before = state;
    view = next;
    state = deskState(view, { here, me, assisting });
    noteChange(before);
    showAll();
    if (before.situation === "taken" && document.activeElement === document.body) main.focus({ preventScroll: true });
  },
  onLink(next) {
    if (link !== "live" && next.state === "live" && !underWay) say(messages.link_back);
    link = next.state;
    showLink(link, { asOf: view.as_of, template: messages.link, loud: ["offline", "silent"] });
    showPressable();
  },
  onDenied: () => session.end(),
});
showAll();
