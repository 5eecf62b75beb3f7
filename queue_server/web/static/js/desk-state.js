// What the desk of one counter shows, taken from the desk view of its site.

/** Whole minutes between an ISO time and the view's own time; never the clock of this computer. */
export const minutesSince = (view, iso) => Math.max(0, Math.floor((Date.parse(view.as_of) - Date.parse(iso)) / 60_000));

/** Whole minutes, begun ones too, from the view's own time until an ISO time; 0 when it has passed. */
export const minutesUntil = (view, iso) => Math.max(0, Math.ceil((Date.parse(iso) - Date.parse(view.as_of)) / 60_000));

/**
 * The state of a desk, for `here` (the counter's id and name) and `me` (actor, clerk: null for a device, assists):
 * {situation ("open", "closed", "break", "taken": somebody else works here), other (who that is, or null), counter,
 * current, alongside (others at this counter), waiting (what this counter calls, in order of the line), next (whom its
 * discipline calls next, or null), others (waiting elsewhere), held, noShow, peers (the other counters), longest
 * (minutes, null when nobody waits), undo (the last press of this person or device while it can be taken back, or null)}.
 */
export function deskState(view, { here, me, assisting }) {
  const counter = view.counters.find((each) => each.id === here.id);
  const other = counter.clerk && counter.clerk !== me.clerk ? counter.clerk : null;
  const inState = (wanted) => view.tickets.filter((ticket) => ticket.state === wanted);
  const mine = view.tickets.filter((ticket) => atCounter(ticket) && ticket.counter === here.id);
  const waiting = inState("waiting");
  const callable = waiting.filter((ticket) => counter.waiting.includes(ticket.id));
  const waits = callable.map((ticket) => minutesSince(view, ticket.waiting_since));
  return {
    situation: other && !assisting ? "taken" : counter.open ? "open" : counter.break_until ? "break" : "closed",
    other,
    counter,
    current: mine.find((ticket) => ticket.id === counter.ticket) ?? null,
    alongside: mine.filter((ticket) => ticket.id !== counter.ticket),
    waiting: callable,
    next: callable.find((ticket) => ticket.id === counter.next) ?? null,
    others: waiting.filter((ticket) => !callable.includes(ticket)),
    held: inState("held"),
    noShow: inState("no_show"),
    peers: view.counters.filter((each) => each.id !== here.id),
    longest: waits.length ? Math.max(...waits) : null,
    undo: view.undo.find((press) => mayTakeBack(press, here, me)) ?? null,
  };
}

/** Whether the server takes a press back here: one's own, for a device of this counter or none, where nobody else works. */
const mayTakeBack = (press, here, me) =>
  press.actor === me.actor && (me.clerk ? me.assists || !press.taken_by : [null, here.id].includes(press.counter));

/** Whether somebody is being called to a counter or served there. */
export const atCounter = (ticket) => ["called", "serving"].includes(ticket.state);

/** The service of a ticket in words, with its stage where it has several. */
export const serviceText = (ticket) => (ticket.stage ? `${ticket.service_name}（${ticket.stage}）` : ticket.service_name);

/** The mark of a ticket that is called earlier; "" for the others. */
export const priorityText = (view, ticket, messages) =>
  ticket.priority && (view.priorities.length > 1 ? ticket.priority_name : messages.priority);
