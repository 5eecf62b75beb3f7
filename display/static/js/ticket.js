// 私の番号: finds its place in each newer public board, and asks for the ticket itself only for what the board does not say.
import { fields, readJSON, show, text } from "../../../static/js/dom.js";
import { fill, fillTime, named, rangeText } from "../../../static/js/format.js";
import { showLink } from "../../../static/js/link-state.js";
import { connect } from "../../../static/js/live.js";
import { armAlarm, canAlarm, soundAlarm, soundNear } from "./alarm.js";
import { gapTeller } from "./gap.js";
import { endOfDay, keepPage, keptUntil } from "./kept-page.js";
import { offerLeaving } from "./leave.js";
import { findPlace } from "./my-place.js";
import { isNear, keepNear, nearChoice } from "./near.js";
import { offerMail, offerPush } from "./wishes.js";
import { offerLine } from "./wish-line.js";
import { announce, showHeading } from "./page-parts.js";

const ENDED = ["completed", "cancelled", "expired"];
const ASK_EVERY_MS = 15_000;
const ASK_AGAIN_MS = 5_000;
const SLEPT_MS = 120_000;

const messages = readJSON("messages");
const ownMessages = readJSON("own-messages");
const token = location.pathname.split("/").filter(Boolean).pop();
const address = `/api/t/${encodeURIComponent(token)}`;
const nearSelect = document.querySelector("[data-near]");
const gap = gapTeller(ownMessages);
const slip = document.querySelector("[data-ticket]");
const alarmButton = document.querySelector("[data-alarm]");
const title = document.title;
let ticket = readJSON("ticket");
let board = readJSON("board");
let live = null;
let heardCall = ticket.state === "called" ? (findPlace(board, ticket.label)?.callSeq ?? 0) : 0;
let near = nearChoice(messages.near);
let wasNear = null;
let armed = false;
let askTimer = 0;
let lastAsked = Date.now();

let dayEnds = keptUntil() || endOfDay(ticket, board);

const ended = () => ENDED.includes(ticket.state);
const kept = keepPage(() => (ended() ? null : { board, ticket, until: dayEnds, title }));

function set(name, value) {
  for (const node of fields(document, name)) text(node, value);
}

function showTicket() {
  const { state, ahead, estimate } = ticket;
  slip.dataset.state = state;
  for (const part of document.querySelectorAll("[data-when]")) show(part, part.dataset.when.split(" ").includes(ticket.given_up ? "given_up" : state));
  set("service_name", named(messages, "service", ticket.service, ticket.service_name));
  set("stage", named(messages, "stage", ticket.stage, ticket.stage ?? ""));
  const counter = named(messages, "counter", ticket.counter, ticket.counter_name);
  set("counter", counter);
  set("ahead", ahead > 0 ? fill(messages.ahead, { count: ahead }) : messages.ahead_none);
  set("range", rangeText(estimate, messages));
  set("called_at", ticket.called_at ? fillTime(ownMessages.called_at, ticket.called_at) : "");
  show(document.querySelector('[data-part="range"]'), estimate);
  showNear(state === "waiting" && isNear(ticket, near));
  show(document.querySelector('[data-part="alarm-on"]'), armed && ["waiting", "held"].includes(state));
  const call = { label: ticket.label, counter };
  document.title = state === "called" ? fill(messages.called_title, call) : title;
  kept.changed();
}

/** Says that the turn is near; with a sound when it became so while the page was open. */
function showNear(isSoon) {
  const part = document.querySelector('[data-part="soon"]');
  show(part, isSoon);
  if (isSoon && wasNear === false) {
    soundNear();
    text(document.querySelector("[data-announce]"), part.textContent);
  }
  wasNear = isSoon;
}

function takePlace(place) {
  const moved = place.state !== ticket.state || place.ahead !== ticket.ahead || place.service.id !== ticket.service;
  ticket = { ...ticket, state: place.state, ahead: place.ahead, service: place.service.id, service_name: place.service.name };
  if (["called", "serving"].includes(place.state)) Object.assign(ticket, { counter: place.counter || ticket.counter, counter_name: place.counterName || ticket.counter_name });
  if (place.state === "called") ticket.called_at = place.calledAt;
  set("call_label", place.callLabel || messages.no_call);
  if (place.state === "called" && place.callSeq > heardCall) {
    heardCall = place.callSeq;
    leaving.close();
    soundAlarm();
    announce(document, [ticket], messages);
    window.scrollTo(0, 0);
  }
  // The board has no range for this place in the line; the ticket's own address has.
  if (moved && place.state === "waiting") askSoon(Math.max(1000 * Math.random(), lastAsked + ASK_EVERY_MS - Date.now()));
}

function showBoard(next) {
  // A hall has a new board each minute: a phone that slept finds out by the times alone.
  if (Date.parse(next.as_of) - Date.parse(board.as_of) >= SLEPT_MS) gap.silentSince(board.as_of);
  board = next;
  dayEnds = endOfDay(ticket, board);
  showHeading(document, board, messages);
  if (ended()) return;
  const place = findPlace(board, ticket.label);
  gap.heard(board.as_of, place?.state === "called" && place.callSeq > heardCall);
  if (place) takePlace(place);
  else askSoon(0);
  showTicket();
}

function showSilence() {
  gap.silentSince(board.as_of);
  showLink("silent", { asOf: board.as_of, template: messages.stale });
}

function askSoon(ms) {
  clearTimeout(askTimer);
  askTimer = setTimeout(ask, ms);
}

async function ask() {
  lastAsked = Date.now();
  try {
    const answer = await fetch(address, { cache: "no-store" });
    // The day is over, or the slip was replaced: the page that says so is at this very address.
    if (answer.status === 410 || answer.status === 404) return location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    const newer = await answer.json();
    mail.told(newer.told_by);
    line.told(newer.told_by);
    // An answer from before the board on the screen would turn the page back.
    if (newer.board_seq >= board.seq || ENDED.includes(newer.state)) ticket = newer;
    else if (newer.ahead === ticket.ahead) ticket = { ...ticket, estimate: newer.estimate };
  } catch {
    askSoon(ASK_AGAIN_MS);
    return;
  }
  showTicket();
  if (ended()) finish();
  else if (!findPlace(board, ticket.label)) askSoon(ASK_AGAIN_MS);
}

/** Nothing can come after the end: a number that was used again must not wake this page. */
function finish() {
  clearTimeout(askTimer);
  leaving.close();
  live?.close();
  showLink("live");
}

const leaving = offerLeaving(`${address}/leave`, ownMessages, {
  onLeft(newer) {
    ticket = newer;
    showTicket();
    finish();
  },
  onRefused: () => askSoon(0),
});

const wish = () => ({ near, language: document.querySelector("[data-wishes]").dataset.language });
const push = offerPush(address, `${ticket.business_day} ${ticket.site} ${ticket.label}`, ownMessages, wish);
const mail = offerMail(address, ownMessages, wish);
const line = offerLine(address, ownMessages, wish);

nearSelect.value = `${near.unit}:${near.value}`;
nearSelect.addEventListener("change", () => {
  keepNear(nearSelect.value);
  const [unit, value] = nearSelect.value.split(":");
  near = { unit, value: Number(value) };
  push.changed();
  mail.changed();
  line.changed();
  // Chosen by hand: nobody has to be woken.
  wasNear = null;
  showTicket();
});
showTicket();

alarmButton.addEventListener("click", async () => {
  armed = await armAlarm();
  alarmButton.setAttribute("aria-pressed", String(armed));
  showTicket();
});
show(alarmButton, canAlarm());

document.addEventListener("visibilitychange", () => {
  if (!document.hidden && !ended()) askSoon(0);
});

// Nearly every phone has notices, and need not load what it does not need.
if (!("Notification" in window)) import("./home-screen.js").then(({ offerHomeScreen }) => offerHomeScreen());

if (!ended()) {
  const silent = keptUntil() > 0;
  if (silent) showSilence();
  live = connect({
    silent,
    site: board.site.id,
    board,
    socketAfter: 1500,
    onBoard: showBoard,
    onLink({ state }) {
      if (state === "silent") showSilence();
      else showLink(state, { asOf: board.as_of, template: messages.stale });
    },
  });
  if (silent) live.refresh();
}
