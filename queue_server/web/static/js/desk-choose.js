// Choosing a counter: who works where, as it is now. A session that ended leads to signing in, and back here.
import { counterNow } from "./desk-peers.js";
import { watchSession } from "./desk-session.js";
import { field, readJSON, text } from "./dom.js";
import { clockText, fill } from "./format.js";
import { showLink } from "./link-state.js";
import { connect } from "./live.js";

const LAST = "queue-desk-counter";

const messages = readJSON("messages");
const me = readJSON("me");
let view = readJSON("desk");

function showCounter(counter) {
  const option = document.querySelector(`[data-counter="${CSS.escape(counter.id)}"]`);
  if (!option) return;
  const names = new Map(view.services.map((service) => [service.id, service.name]));
  const state = counter.open ? "open" : counter.break_until ? "break" : "closed";
  const badge = field(option, "state");
  badge.dataset.state = state;
  text(badge, state === "break" ? fill(messages.counter_break_until, { time: clockText(counter.break_until) }) : messages[`counter_${state}`]);
  text(field(option, "clerk"), !counter.clerk ? "" : counter.clerk === me.clerk ? messages.you : fill(messages.peer_clerk, counter));
  text(field(option, "services"), counter.services.map((id) => names.get(id) ?? id).join(messages.list_joint));
  text(field(option, "waiting"), fill(messages.waiting_count, { count: counter.waiting_count }));
  text(field(option, "now"), counter.ticket ? counterNow(view, counter, messages) : "");
}

// The page is asked for again rather than left standing: without a session that is the form to sign in with.
const session = watchSession({ site: view.site.id, idleMinutes: me.idle_minutes, onEnd: () => location.reload() });

connect({
  site: view.site.id,
  desk: true,
  onDesk(next) {
    view = next;
    view.counters.forEach(showCounter);
  },
  onLink: ({ state }) => showLink(state, { asOf: view.as_of, template: messages.link_shown }),
  onDenied: () => session.end(),
});
view.counters.forEach(showCounter);

// A desk's computer stands at one counter: the one that was chosen here last is one key away.
document.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-counter]");
  if (chosen) localStorage.setItem(LAST, chosen.getAttribute("href"));
});
const options = [...document.querySelectorAll("[data-counter]")];
if (!options.some((option) => option.autofocus)) {
  options.find((option) => option.getAttribute("href") === localStorage.getItem(LAST))?.focus();
}
