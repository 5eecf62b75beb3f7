// The touch page: category, service, number. Two touches, and back to the start by itself.
import { field, readJSON, show, text } from "../../../static/js/dom.js";
import { fill } from "../../../static/js/format.js";
import { showLink } from "../../../static/js/link-state.js";
import { connect } from "../../../static/js/live.js";
import { showChoices, structureOf } from "./choices.js";
import "./enroll.js";
import { watchTouches } from "./idle-timer.js";
import { forgetIntent, takeNumber } from "./issue.js";
import { clearNumber, showCall, showNumber } from "./number.js";
import { showOpening } from "./opening.js";
import { currentScreen, showScreen } from "./screens.js";

const PATIENCE_SHOWN_MS = 3_000;

const messages = readJSON("messages");
let board = readJSON("board");
const structure = structureOf(board);
let link = "live";
let wanted = null;
let reloadAtHome = false;

const find = (selector) => document.querySelector(selector);

function refresh() {
  const away = link !== "live";
  showOpening(board, messages, away);
  showChoices(board, messages, away);
  showCall(board, messages);
  if (structureOf(board) !== structure) reloadAtHome = true;
  if (reloadAtHome && currentScreen() === "idle" && !away) location.reload();
}

function goHome() {
  forgetIntent();
  clearNumber();
  wanted = null;
  showScreen("idle");
  refresh();
}

function showProblem({ problem, hint, again, reload }) {
  const root = find('section[data-screen="error"]');
  reloadAtHome ||= Boolean(reload);
  text(field(root, "error"), problem);
  text(field(root, "error_hint"), hint);
  show(root.querySelector("[data-again]"), again);
  showScreen("error");
}

async function issue(service) {
  if (currentScreen() === "busy") return;
  wanted = service;
  const patience = find('[data-part="patience"]');
  show(patience, false);
  showScreen("busy");
  const slow = setTimeout(() => show(patience, true), PATIENCE_SHOWN_MS);
  const outcome = await takeNumber(board.site.id, service, messages, () => show(patience, true));
  clearTimeout(slow);
  touches.touch();
  if (outcome.ticket) {
    showNumber(outcome.ticket, board, messages);
    showScreen("number");
  } else {
    showProblem(outcome);
  }
}

function showCountdown(seconds) {
  const bar = find("[data-countdown]");
  show(bar, seconds !== null);
  if (seconds !== null) text(field(bar, "countdown"), fill(messages.countdown, { seconds }));
}

function showLinkState({ state }) {
  link = state;
  showLink(state, { asOf: board.as_of, template: messages.link, loud: ["offline", "silent"] });
  refresh();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button || button.disabled) return;
  if (button.dataset.category) showScreen(`category-${button.dataset.category}`);
  else if (button.dataset.service) issue(button.dataset.service);
  else if ("again" in button.dataset) issue(wanted);
  else if ("home" in button.dataset) goHome();
});
document.addEventListener("contextmenu", (event) => event.preventDefault());

const touches = watchTouches({
  watching: () => !["idle", "busy"].includes(currentScreen()),
  onCount: showCountdown,
  onIdle: goHome,
});

showScreen("idle");
refresh();
connect({
  site: board.site.id,
  board,
  onBoard(next) {
    board = next;
    refresh();
  },
  onLink: showLinkState,
});
