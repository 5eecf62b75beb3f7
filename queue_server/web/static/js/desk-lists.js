// The lists beside the current number: who waits, who was not there, who is held.
import { atCounter, minutesSince, priorityText, serviceText } from "./desk-state.js";
import { el, field, show, syncChildren, text } from "./dom.js";
import { fill } from "./format.js";

/** What a row offers at once; whatever else is lawful stands behind "…". */
const USUAL = ["complete", "reinstate", "call", "resume"];
const REST = ["start", "recall", "advance", "no_show", "hold", "transfer", "prioritize", "cancel"];

function rowButton(move, ticket, messages) {
  const word = messages[`move_${move}`];
  return el("button", {
    class: move === "cancel" ? "press press--row press--danger" : "press press--row",
    type: "button",
    text: word,
    "aria-label": fill(messages.row_move, { label: ticket.label, move: word }),
    dataset: { move, ticket: ticket.id },
  });
}

function makeRow(ticket, messages) {
  const dots = el("summary", { class: "row__dots", "aria-label": fill(messages.row_more, ticket), text: "…" });
  return el(
    "li",
    { class: "row" },
    el("span", { class: "row__label number", text: ticket.label }),
    el(
      "span",
      { class: "row__about" },
      el("span", { class: "mark", dataset: { field: "priority" } }),
      el("span", { dataset: { field: "service" } }),
      el("span", { class: "row__reason", dataset: { field: "reason" } }),
    ),
    el("span", { class: "row__minutes number", dataset: { field: "minutes" } }),
    el("span", { class: "row__usual" }),
    el("details", { class: "row__more" }, dots, el("div", { class: "row__rest" })),
  );
}

/** How a number stands, and at which counter. */
function stateText(ticket, messages) {
  const state = messages[`state_${ticket.state}`];
  return atCounter(ticket) ? fill(messages.state_at, { state, counter: ticket.counter_name }) : state;
}

/**
 * Shows rows of tickets in the list `name`. `all` has every button open and says the state: for one number that is meant.
 * `offers` is false where nothing may be pressed.
 */
export function showRows(name, tickets, { view, messages, offers, all = false }) {
  const names = new Map(view.counters.map((counter) => [counter.id, counter.name]));

  function update(row, ticket) {
    const reserved = ticket.reserved_counter && fill(messages.reserved, { counter: names.get(ticket.reserved_counter) });
    const state = all && stateText(ticket, messages);
    text(field(row, "priority"), priorityText(view, ticket, messages));
    text(field(row, "service"), serviceText(ticket));
    text(field(row, "reason"), [state, reserved, ticket.offline && messages.ticket_offline, ticket.reason].filter(Boolean).join(" "));
    text(field(row, "minutes"), fill(messages.minutes, { minutes: minutesSince(view, ticket.waiting_since) }));
    const lawful = (moves) => moves.filter((move) => offers && ticket.moves.includes(move));
    const usual = all ? [] : lawful(USUAL);
    // The number that is meant is called by the form's own button.
    const rest = all ? lawful([...USUAL, ...REST]).filter((move) => move !== "call") : lawful(REST);
    const sync = { key: (move) => move, make: (move) => rowButton(move, ticket, messages) };
    syncChildren(row.querySelector(".row__usual"), usual, sync);
    syncChildren(row.querySelector(".row__rest"), rest, sync);
    show(row.querySelector(".row__more"), rest.length > 0);
    if (all) row.querySelector(".row__more").open = true;
  }

  syncChildren(document.querySelector(`[data-list="${name}"]`), tickets, {
    key: (ticket) => ticket.id,
    make: (ticket) => makeRow(ticket, messages),
    update,
  });
}

function showPart(name, tickets, shown) {
  const part = document.querySelector(`section[data-part="${name}"]`);
  text(field(part, "count"), fill(shown.messages.people, { count: tickets.length }));
  showRows(name, tickets, shown);
  return part;
}

/** Shows every list of numbers from the desk's state. */
export function showLists(view, state, messages) {
  const shown = { view, messages, offers: state.situation !== "taken" };
  const waiting = showPart("waiting", state.waiting, shown);
  text(field(waiting, "longest"), state.longest === null ? messages.no_minutes : fill(messages.minutes, { minutes: state.longest }));
  show(waiting.querySelector('[data-part="nobody"]'), state.waiting.length === 0);
  showRows("others", state.others, shown);
  text(field(waiting, "others"), fill(messages.other_waiting, { count: state.others.length }));
  show(waiting.querySelector('[data-part="others"]'), state.others.length > 0);
  for (const [name, tickets] of [["no_show", state.noShow], ["held", state.held], ["here", state.alongside]]) {
    show(showPart(name, tickets, shown), tickets.length > 0);
  }
}
