// The supervisor's page: the whole hall at a glance, and what those who run it may do.
import { watchSession } from "./desk-session.js";
import { readJSON, show } from "./dom.js";
import { fill } from "./format.js";
import { kioskAlerts } from "./kiosk-states.js";
import { showLink } from "./link-state.js";
import { connect } from "./live.js";
import { alertBook, sayAlerts, showAlerts } from "./supervisor-alerts.js";
import { askingTools } from "./supervisor-asking.js";
import { commandsOf } from "./supervisor-commands.js";
import { counterActions } from "./supervisor-counter-actions.js";
import { showCounters } from "./supervisor-counters.js";
import { dayActions } from "./supervisor-day.js";
import { keepFocus } from "./supervisor-focus.js";
import { hallActions } from "./supervisor-hall-actions.js";
import { showKiosks } from "./supervisor-kiosks.js";
import { showScreens } from "./supervisor-screens.js";
import { noticeActions } from "./supervisor-notice-actions.js";
import { showNotices } from "./supervisor-notices.js";
import { showOverview } from "./supervisor-overview.js";
import { say, sender } from "./supervisor-send.js";
import { showServices } from "./supervisor-services.js";
import { soundPart } from "./supervisor-sound-part.js";
import { hallState } from "./supervisor-state.js";
import { ticketActions } from "./supervisor-ticket-actions.js";
import { ticketFinder } from "./supervisor-tickets.js";

const messages = readJSON("messages");
let view = readJSON("desk");
let levels = readJSON("levels");
let link = "live";

const site = view.site.id;
const title = document.title;
const book = alertBook(site);
const page = readJSON("page");
const session = watchSession({ site, version: () => view.version, idleMinutes: page.idle_minutes, onEnd: hideAll });
const sound = soundPart(say, messages);
const finder = ticketFinder({ messages, onFound: showPressable });
const blocked = () => link !== "live" || !view.storage.writable || session.ended();

const { send, busy } = sender({
  messages,
  blocked,
  onBusy(underWay) {
    if (underWay) session.deed();
    showPressable();
  },
  refresh: () => live.refresh(),
  onSignedOut: () => session.end("press"),
});

const tools = { view: () => view, commands: commandsOf(site), send, ...askingTools({ send, say }), messages, page };
const commands = {
  ...hallActions(tools),
  ...counterActions(tools),
  ...ticketActions(tools),
  ...noticeActions(tools),
  ...dayActions(tools),
};
/** What changes nothing at the server is never waited for. */
const here = {
  find: ({ label }) => finder.find(label),
  acknowledge({ alert }) {
    book.acknowledge(alert);
    showAll();
  },
  "try-sound": sound.tryOut,
};

function showAll() {
  keepFocus(() => {
    const state = hallState(view);
    const { alerts, fresh } = book.read({ ...view, alerts: [...view.alerts, ...kioskAlerts(view)] });
    showOverview(view, state, messages);
    showServices(view, state, levels, messages);
    showCounters(view, state, messages);
    showAlerts(alerts, messages);
    showKiosks(view, messages);
    showScreens(view, messages);
    showNotices(view, messages);
    finder.show(view);
    const unseen = alerts.filter((alert) => !alert.seen).length;
    document.title = unseen ? fill(messages.title_alerts, { count: unseen, title }) : title;
    sayAlerts(fresh, messages);
    if (fresh.length) sound.ring();
    show(document.querySelector('[data-part="storage"]'), !view.storage.writable);
    showPressable();
  });
}

/** What only staff may read does not stay on a screen that nobody is signed in to. */
function hideAll() {
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  for (const part of ["work", "alerts"]) show(document.querySelector(`[data-part="${part}"]`), false);
  say("");
  document.title = title;
  const notice = document.querySelector('[data-part="session"]');
  show(notice, true);
  notice.focus();
}

/** Buttons that have to wait stay where they are and keep the focus; pressing them does nothing. */
function showPressable() {
  const waits = blocked() || busy();
  for (const button of document.querySelectorAll("button[data-action]")) {
    if (button.dataset.action in commands) button.setAttribute("aria-disabled", waits);
  }
  for (const button of document.querySelectorAll("[data-go]")) button.setAttribute("aria-disabled", waits);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-action]");
  // The second half of a double click is no press of its own: what stands there now may be another button.
  if (!button || button.ariaDisabled === "true" || event.detail > 1) return;
  const { action } = button.dataset;
  (here[action] ?? commands[action])(button.dataset);
});

const live = connect({
  site,
  desk: true,
  onBoard(board) {
    levels = Object.fromEntries(board.categories.flatMap(({ services }) => services).map(({ id, level }) => [id, level]));
    session.heardBoard(board.version);
    if (!session.ended()) keepFocus(() => showServices(view, hallState(view), levels, messages));
  },
  onDesk(next) {
    if (session.ended()) return;
    view = next;
    showAll();
  },
  onDenied: () => session.end(),
  onLink(next) {
    if (link !== "live" && next.state === "live" && !busy()) say(messages.link_back);
    link = next.state;
    showLink(link, { asOf: view.as_of, template: messages.link, loud: ["offline", "silent"] });
    showPressable();
  },
});
showAll();
