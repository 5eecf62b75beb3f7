// The lists beside the current number: who waits, who was not there, who is held, and the other counters.
import { el, field, show, syncChildren, text } from "./dom.js";
import { minutesSince } from "./desk-state.js";
import { fill } from "./format.js";

/** What a row offers at once; whatever else is lawful stands behind "…". */
const USUAL = ["complete", "reinstate", "call", "resume"];
const REST = ["start", "recall", "advance", "no_show", "hold", "transfer", "cancel"];

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
  const about = [el("span", { dataset: { field: "service" } }), el("span", { class: "row__reason", dataset: { field: "reason" } })];
  return el(
    "li",
    { class: "row" },
    el("span", { class: "row__label number", text: ticket.label }),
    el("span", { class: "row__about" }, ...about),
    el("span", { class: "row__minutes number", dataset: { field: "minutes" } }),
    el("span", { class: "row__usual" }),
    el("details", { class: "row__more" }, dots, el("div", { class: "row__rest" })),
  );
}

function updateRow(row, ticket, view, messages, names) {
  const service = ticket.stage ? `${ticket.service_name}（${ticket.stage}）` : ticket.service_name;
  const reserved = ticket.reserved_counter && fill(messages.reserved, { counter: names.get(ticket.reserved_counter) });
  text(field(row, "service"), service);
  text(field(row, "reason"), [reserved, ticket.reason].filter(Boolean).join(" "));
  text(field(row, "minutes"), fill(messages.minutes, { minutes: minutesSince(view, ticket.issued_at) }));
  const lawful = (moves) => moves.filter((move) => ticket.moves.includes(move));
  const rest = lawful(REST);
  const sync = { key: (move) => move, make: (move) => rowButton(move, ticket, messages) };
  syncChildren(row.querySelector(".row__usual"), lawful(USUAL), sync);
  syncChildren(row.querySelector(".row__rest"), rest, sync);
  show(row.querySelector(".row__more"), rest.length > 0);
}

function showRows(name, tickets, view, messages, names) {
  syncChildren(document.querySelector(`[data-list="${name}"]`), tickets, {
    key: (ticket) => ticket.id,
    make: (ticket) => makeRow(ticket, messages),
    update: (row, ticket) => updateRow(row, ticket, view, messages, names),
  });
}

function showPart(name, tickets, view, messages, names) {
  const part = document.querySelector(`section[data-part="${name}"]`);
  text(field(part, "count"), fill(messages.people, { count: tickets.length }));
  showRows(name, tickets, view, messages, names);
  return part;
}

function showPeers(view, peers, messages) {
  const labels = new Map(view.tickets.map((ticket) => [ticket.id, ticket]));
  syncChildren(document.querySelector('[data-list="counters"]'), peers, {
    key: (counter) => counter.id,
    make: (counter) =>
      el("li", { class: "peer" }, el("span", { class: "peer__name", text: counter.name }), el("span", { class: "peer__now", dataset: { field: "now" } })),
    update(node, counter) {
      const ticket = labels.get(counter.ticket);
      const now = ticket ? fill(messages[`peer_${ticket.state}`], ticket) : counter.open ? messages.counter_open : messages.counter_closed;
      node.dataset.open = counter.open;
      text(field(node, "now"), now);
    },
  });
}

/** Shows every list from the desk's state. */
export function showLists(view, state, messages) {
  const names = new Map(view.counters.map((counter) => [counter.id, counter.name]));
  const waiting = showPart("waiting", state.waiting, view, messages, names);
  text(field(waiting, "longest"), state.longest === null ? messages.no_minutes : fill(messages.minutes, { minutes: state.longest }));
  show(waiting.querySelector('[data-part="nobody"]'), state.waiting.length === 0);
  showRows("others", state.others, view, messages, names);
  text(field(waiting, "others"), fill(messages.other_waiting, { count: state.others.length }));
  show(waiting.querySelector('[data-part="others"]'), state.others.length > 0);
  for (const [name, tickets] of [["no_show", state.noShow], ["held", state.held], ["here", state.here]]) {
    show(showPart(name, tickets, view, messages, names), tickets.length > 0);
  }
  showPeers(view, state.peers, messages);
}
