// What the desk of one counter shows, taken from the desk view of its site.

/** Whole minutes between an ISO time and the view's own time; never the clock of this computer. */
export const minutesSince = (view, iso) => Math.max(0, Math.floor((Date.parse(view.as_of) - Date.parse(iso)) / 60_000));

/**
 * The state of a desk: {counter, current, here (others at this counter), waiting (what this counter calls, in order),
 * others (waiting elsewhere), held, noShow, peers (the other counters), longest (minutes, null when nobody waits)}.
 */
export function deskState(view, counterId) {
  const counter = view.counters.find((each) => each.id === counterId);
  const inState = (...states) => view.tickets.filter((ticket) => states.includes(ticket.state));
  const mine = inState("called", "serving").filter((ticket) => ticket.counter === counterId);
  const waiting = inState("waiting");
  const callable = waiting.filter((ticket) => mayCall(ticket, counter));
  const waits = callable.map((ticket) => minutesSince(view, ticket.issued_at));
  return {
    counter,
    current: mine.find((ticket) => ticket.id === counter.ticket) ?? null,
    here: mine.filter((ticket) => ticket.id !== counter.ticket),
    waiting: callable,
    others: waiting.filter((ticket) => !callable.includes(ticket)),
    held: inState("held"),
    noShow: inState("no_show"),
    peers: view.counters.filter((each) => each.id !== counterId),
    longest: waits.length ? Math.max(...waits) : null,
  };
}

/** The rule of the server's 呼出順: a number handed to a named counter is called there alone. */
function mayCall(ticket, counter) {
  return ticket.reserved_counter ? ticket.reserved_counter === counter.id : counter.services.includes(ticket.service);
}
