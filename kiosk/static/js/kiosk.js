// The touch page: category, service, number. Two touches, and back to the start by itself.
import { field, readJSON, show, text } from "../../../static/js/dom.js";
import { fill, fillTime } from "../../../static/js/format.js";
import { showLink } from "../../../static/js/link-state.js";
import { connect } from "../../../static/js/live.js";
import { servicesOf, showChoices, structureOf } from "./choices.js";
import "./enroll.js";
import { backInGuide, chooseApplicant, chooseProcedure, chosen, chosenService, forgetGuide, openGuide, openValidity, showTaking, tellHolding } from "./guide.js";
import { watchTouches } from "./idle-timer.js";
import { forgetIntent, interruptedIntent, takeNumber } from "./issue.js";
import { clearNumber, showCall, showNumber, showPaper } from "./number.js";
import { showOpening } from "./opening.js";
import { paperWords, printAgain, printList, printSlip } from "./paper.js";
import { currentScreen, showScreen } from "./screens.js";
import { knock, leaveStaff, watchStaff } from "./staff.js";

const PATIENCE_SHOWN_MS = 3_000;

const messages = readJSON("messages");
const page = readJSON("page");
const MAIN_LANGUAGE = "ja";
const PAPER_MS = 20_000;
let board = readJSON("board");
const structure = structureOf(board);
let link = "live";
let wanted = null;
let reloadAtHome = false;
let mine = null;

const find = (selector) => document.querySelector(selector);

function refresh() {
  const away = link !== "live";
  showOpening(board, messages, away);
  showChoices(board, messages, away);
  showCall(board, messages);
  showAlone();
  showTaking(servicesOf(board), board.status.open && !away);
  if (structureOf(board) !== structure) reloadAtHome = true;
  if (reloadAtHome && currentScreen() === "idle" && !away) location.reload();
}

/** Says that the server is away, and that numbers can be had all the same; how crowded it is then nobody knows. */
function showAlone() {
  const note = find('[data-part="alone-banner"]');
  document.body.toggleAttribute("data-alone", Boolean(board.away));
  text(note, board.away ? fillTime(messages.alone, board.away) : "");
  show(note, board.away);
}

function goHome() {
  const idle = currentScreen() === "idle";
  forgetIntent();
  clearNumber();
  forgetGuide();
  leaveStaff();
  wanted = mine = null;
  const dates = find("[data-validity]");
  dates.dataset.today = board.as_of.slice(0, 10);
  dates.reset();
  showScreen("idle");
  refresh();
  if (!idle && page.tag !== MAIN_LANGUAGE) speak(MAIN_LANGUAGE);
}

/** Loads the page in another language, but only where the page can be had: a dead page helps nobody. */
async function speak(language) {
  const address = `${location.pathname}?lang=${encodeURIComponent(language)}`;
  try {
    const answer = await fetch(address, { cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    location.replace(address);
  } catch {
    const note = find('[data-part="paper-banner"]');
    text(note, messages.language_away);
    show(note, true);
  }
}

async function showPrinting(job, say = showPaper, coming = messages.paper_coming) {
  if (!page.printer) return;
  say(coming, null);
  const result = await job;
  touches.touch();
  say(paperWords(result, messages, page.printer), result.printed);
  showPaperBanner(result.state);
}

function showPaperBanner(state) {
  const note = find('[data-part="paper-banner"]');
  text(note, messages.paper_banner);
  show(note, page.printer && ["paper_out", "cover_open", "off", "error"].includes(state));
}

// Also without a printer: by this question staff see that the kiosk is there.
async function watchPaper() {
  if (link !== "live") return;
  try {
    const answer = await fetch(`${location.pathname}/paper`, { cache: "no-store" });
    if (answer.ok) showPaperBanner((await answer.json()).state);
  } catch {
    // The line's own banner says that nothing answers.
  }
}

function showListPaper(words, printed) {
  const note = find('[data-part="list-paper"]');
  text(note, printed === null ? words : printed ? messages.list_printed : messages.list_failed);
  show(note, true);
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
    mine = outcome.ticket;
    showNumber(outcome.ticket, board, messages);
    showScreen("number");
    showPrinting(printSlip(outcome.ticket));
  } else {
    showProblem(outcome);
  }
}

function showCountdown(seconds) {
  const bar = find("[data-countdown]");
  // An open list would lie over the count.
  if (seconds !== null && document.activeElement?.matches("select")) document.activeElement.blur();
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
  const { dataset } = button;
  if (dataset.go === "guide") openGuide();
  else if (dataset.go === "validity") openValidity();
  else if (dataset.procedure) chooseProcedure(dataset.procedure);
  else if (dataset.applicant) chooseApplicant(dataset.applicant);
  else if (dataset.hold) tellHolding(dataset.hold);
  else if ("back" in dataset) backInGuide() || goHome();
  else if ("take" in dataset) issue(chosenService());
  else if ("printList" in dataset) showPrinting(printList(chosen()), showListPaper, messages.list_coming);
  else if ("reprint" in dataset) showPrinting(printAgain(mine));
  else if (dataset.language) speak(dataset.language);
  else if ("low" in dataset) lower(button);
  else if (button.dataset.category) showScreen(`category-${button.dataset.category}`);
  else if (button.dataset.service) issue(button.dataset.service);
  else if ("again" in button.dataset) issue(wanted);
  else if ("home" in button.dataset) goHome();
});

function lower(button) {
  const low = document.documentElement.toggleAttribute("data-low");
  for (const words of button.querySelectorAll("[data-when]")) show(words, (words.dataset.when === "low") === low);
}

find("[data-staff-door]").addEventListener("click", () => currentScreen() === "idle" && knock());
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !["idle", "busy"].includes(currentScreen())) goHome();
});
document.addEventListener("contextmenu", (event) => event.preventDefault());

const touches = watchTouches({
  watching: () => !["idle", "busy"].includes(currentScreen()),
  onCount: showCountdown,
  onIdle: goHome,
});

watchStaff({ messages, onLeave: goHome });
setInterval(watchPaper, PAPER_MS);
watchPaper();

showScreen("idle");
refresh();
const interrupted = interruptedIntent();
if (interrupted) issue(interrupted);
connect({
  site: board.site.id,
  board,
  pushed: !page.polls,
  onBoard(next) {
    board = next;
    refresh();
  },
  onLink: showLinkState,
});
