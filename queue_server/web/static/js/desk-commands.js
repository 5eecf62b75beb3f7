// What the buttons of a desk send, and the sentence for what came of it.
import { clockText, fill } from "./format.js";

/** The moves that are made on a ticket, with their keys, in the order of their buttons. */
export const MOVE_KEYS = {
  start: "S",
  recall: "R",
  complete: "C",
  advance: "A",
  no_show: "X",
  hold: "H",
  transfer: "T",
};

/** The commands of one counter; each is what `press` of desk-press.js takes. */
export function commandsOf({ site, counter, messages }) {
  const counterPath = `/api/sites/${encodeURIComponent(site)}/counters/${encodeURIComponent(counter)}`;
  const called = (data) => fill(messages.called, data.ticket);
  const undone = (ticket) => fill(messages.undone_ticket, { label: ticket.label, state: messages[`state_${ticket.state}`] });

  return {
    /** Opens the counter, or comes `back` from a break; who works there, or where oneself works, is a question. */
    open: (takeOver, back) => ({
      path: `${counterPath}/open`,
      body: takeOver ? { take_over: true } : {},
      asks: takeOver ? [] : ["counter_taken", "clerk_elsewhere"],
      done: () => (back ? messages.reopened : messages.opened),
    }),

    /** Closes the counter. */
    close: () => ({ path: `${counterPath}/close`, done: () => messages.closed }),

    /** Closes the counter for so many minutes. */
    takeBreak: (minutes) => ({
      path: `${counterPath}/break`,
      body: { minutes },
      done: (data) => fill(messages.break_begun, { time: clockText(data.counter.break_until) }),
    }),

    /** Has the counter serve these services today. */
    assign: (services) => ({ path: `${counterPath}/services`, body: { services }, done: () => messages.services_changed }),

    /** Calls the next ticket; with `current`, completes that one in the same step. */
    callNext: (current) => ({
      path: `${counterPath}/call-next`,
      body: current ? { complete: true, ticket: current.id } : {},
      label: current?.label,
      done(data) {
        if (data?.ticket) return called(data);
        return data?.completed ? fill(messages.completed_nobody, data.completed) : messages.nobody;
      },
    }),

    /** Calls a number, as it stands on the slip. */
    call: (label, problem) => ({ path: `${counterPath}/call`, body: { label }, label, done: called, problem }),

    /** Makes a move of a ticket. */
    move: (ticket, move, body = {}) => ({
      path: `/api/tickets/${encodeURIComponent(ticket.id)}/${move.replace("_", "-")}`,
      body,
      label: ticket.label,
      done: () => fill(messages[`did_${move}`], ticket),
    }),

    /** Takes back the last press. */
    undo: () => ({
      path: `${counterPath}/undo`,
      done: (data) => fill(messages.undone, { tickets: data.tickets.map(undone).join(messages.list_joint) }),
    }),
  };
}
