// The desk of one counter: one big key, and what is lawful now.
import { numberForm } from "./desk-any.js";
import { mainAction, showCurrent } from "./desk-current.js";
import { commandsOf, MOVE_KEYS } from "./desk-commands.js";
import { ask, asking, askTransfer } from "./desk-dialogs.js";
import { listenForKeys } from "./desk-keys.js";
import { showLists } from "./desk-lists.js";
import { presser } from "./desk-press.js";
import { watchSession } from "./desk-session.js";
import { deskState } from "./desk-state.js";
import { fields, readJSON, show, text } from "./dom.js";
import { clockText, fill } from "./format.js";
import { showLink } from "./link-state.js";
import { connect } from "./live.js";

const messages = readJSON("messages");
const counter = readJSON("counter");
let view = readJSON("desk");
let state = deskState(view, counter.id);
let link = "live";
let underWay = null;

const find = (selector) => document.querySelector(selector);
const main = find('[data-key="main"]');
const commands = commandsOf({ site: view.site.id, counter: counter.id, messages });
const session = watchSession({ site: view.site.id, version: () => view.version, onEnd: showPressable });
const blocked = () => link !== "live" || !view.storage.writable || session.ended();

const { press, say } = presser({
  messages,
  blocked,
  onBusy: showBusy,
  refresh: () => live.refresh(),
  onSignedOut: session.end,
});

function showAll() {
  state = deskState(view, counter.id);
  showCurrent(view, state, messages);
  showLists(view, state, messages);
  show(find('[data-part="storage"]'), !view.storage.writable);
  show(find("[data-simulated]"), view.simulated);
  for (const node of fields(document, "clock")) text(node, clockText(view.as_of));
  showPressable();
}

/** A counter that is closed calls nobody. */
const needsOpen = ({ dataset }) => dataset.move === "call";

/** Buttons that have to wait stay where they are and keep the focus; pressing them does nothing. */
function showPressable() {
  const waits = blocked() || underWay !== null;
  for (const button of document.querySelectorAll("button.press:not(dialog *)")) {
    button.setAttribute("aria-disabled", waits || (needsOpen(button) && !state.counter.open));
    button.toggleAttribute("data-under-way", underWay !== null && nameOf(button) === underWay);
  }
}

function showBusy(name) {
  underWay = name;
  showPressable();
}

/** The name under which a press of this button is known: its key, or the move and the ticket it is for. */
const nameOf = ({ dataset }) => dataset.key ?? [dataset.move, dataset.ticket ?? state.current?.id].join(" ");

function pressMain() {
  const action = mainAction(state);
  press("main", action === "open" ? commands.toggle(true) : commands.callNext(action === "complete" ? state.current : null));
}

async function pressClose() {
  if (!state.counter.open || blocked()) return;
  if (state.current && !(await ask("close", fill(messages.close_title, state.current)))) return;
  press("close", commands.toggle(false));
}

async function pressMove(ticket, move) {
  if (!ticket?.moves.includes(move) || blocked() || underWay) return;
  const name = [move, ticket.id].join(" ");
  if (move === "call") return void press(name, commands.call(ticket.label));
  const body = await question(ticket, move);
  if (body) press(name, commands.move(ticket, move, body));
}

/** What a move has to ask first; the command's body, or null to leave everything as it is. */
async function question(ticket, move) {
  const title = messages[`${move}_title`];
  if (move === "transfer") return askTransfer(ticket, fill(title, ticket));
  if (move === "hold") return ask("hold", fill(title, ticket));
  if (move === "cancel") return (await ask("cancel", fill(title, ticket))) && {};
  return {};
}

const anyNumber = numberForm({
  labels: () => view.tickets.map((ticket) => ticket.label),
  missing: messages.label_missing,
  home: main,
  onCall(label, problem) {
    const command = commands.call(label, problem);
    const done = (data) => {
      anyNumber.leave();
      return command.done(data);
    };
    press("any", { ...command, done }, `any ${label}`);
  },
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button.press");
  if (!button || button.closest("dialog, form")) return;
  const waits = button.ariaDisabled === "true";
  if (waits) return void main.focus({ preventScroll: true });
  if (button.dataset.key === "main") pressMain();
  else if (button.dataset.key === "close") pressClose();
  else if (button.dataset.move) pressMove(ticketOf(button), button.dataset.move);
  // After a touch of the mouse the space bar belongs to the big button again.
  if (event.detail > 0 && !asking()) main.focus({ preventScroll: true });
});

const ticketOf = ({ dataset }) => (dataset.ticket ? view.tickets.find((ticket) => ticket.id === dataset.ticket) : state.current);

listenForKeys({
  ready: () => !asking(),
  onKey(key) {
    const move = Object.keys(MOVE_KEYS).find((name) => MOVE_KEYS[name] === key);
    if (key === "N") pressMain();
    else if (key === "O") state.counter.open ? pressClose() : pressMain();
    else if (move) pressMove(state.current, move);
  },
  onDigit: anyNumber.begin,
});

const live = connect({
  site: view.site.id,
  desk: true,
  onBoard: (board) => session.heardBoard(board.version),
  onDesk(next) {
    view = next;
    showAll();
  },
  onLink(next) {
    if (link !== "live" && next.state === "live" && !underWay) say(messages.link_back);
    link = next.state;
    showLink(link, { asOf: view.as_of, template: messages.link, loud: ["offline", "silent"] });
    showPressable();
  },
});
showAll();
