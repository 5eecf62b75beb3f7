// What the supervisor's page shows, taken from the desk view of its site.

/** Whole minutes between an ISO time and the view's own time, null for no time; never the clock of this computer. */
export const minutesSince = (view, iso) =>
  iso ? Math.max(0, Math.floor((Date.parse(view.as_of) - Date.parse(iso)) / 60_000)) : null;

const counterState = (counter) => (counter.open ? "open" : counter.break_until ? "break" : "closed");

/** An instant of the hall's own day: its "HH:MM", or a "YYYY-MM-DDTHH:MM", with the offset of the view's time. */
export function hallTime(view, typed) {
  const minute = typed.includes("T") ? typed : `${view.as_of.slice(0, 10)}T${typed}`;
  return `${minute}:00${view.as_of.slice(19)}`;
}

/**
 * The hall at a glance: {waiting (people), longest (minutes, null when nobody waits), atCounters, countersOpen,
 * counters (each with `now`, its ticket or null, and `state`: open, break or closed), limits (by service, the kinds of
 * alerts that it has reached)}.
 */
export function hallState(view) {
  const tickets = new Map(view.tickets.map((ticket) => [ticket.id, ticket]));
  const waits = view.services.map((service) => service.longest_wait_minutes).filter((minutes) => minutes !== null);
  const limits = new Map();
  for (const { service, kind } of view.alerts) limits.set(service, [...(limits.get(service) ?? []), kind]);
  return {
    waiting: view.services.reduce((sum, service) => sum + service.waiting_count, 0),
    longest: waits.length ? Math.max(...waits) : null,
    atCounters: view.tickets.filter(({ state }) => state === "called" || state === "serving").length,
    countersOpen: view.counters.filter((counter) => counter.open).length,
    counters: view.counters.map((each) => ({ ...each, now: tickets.get(each.ticket) ?? null, state: counterState(each) })),
    limits,
  };
}

/** However a number was typed: full-width digits, small letters. */
const plain = (label) => label.normalize("NFKC").trim().toLowerCase();

/** Every ticket of the view with this number: open ones first, then those that ended, newest first. */
export function findTickets(view, typed) {
  const wanted = plain(typed);
  return [...view.tickets, ...view.ended].filter((ticket) => plain(ticket.label) === wanted);
}

/** Whether the last move of a ticket may perhaps be taken back; the server decides. A number just issued has none. */
export function mayUndo(ticket) {
  if ("undoable" in ticket) return ticket.undoable;
  return ticket.state !== "waiting" || Boolean(ticket.called_at || ticket.priority);
}

/** Ids of services in the order in which a counter calls them: its usual order first. */
export function inUsualOrder(counter, chosen, services) {
  const usual = counter.default_services.filter((id) => chosen.includes(id));
  return [...usual, ...services.map(({ id }) => id).filter((id) => chosen.includes(id) && !usual.includes(id))];
}
