// The other counters: who works there, and with which number.
import { el, field, show, syncChildren, text } from "./dom.js";
import { clockText, fill } from "./format.js";

/** Whether a counter is open, on a break until when, or closed: a word. */
export function counterWord(counter, messages) {
  if (counter.open) return messages.counter_open;
  if (!counter.break_until) return messages.counter_closed;
  return fill(messages.counter_break_until, { time: clockText(counter.break_until) });
}

/** What a counter is doing: its number unless its clerk is away, else whether it is open. */
export function counterNow(view, counter, messages) {
  const ticket = !counter.break_until && view.tickets.find((each) => each.id === counter.ticket);
  return ticket ? fill(messages[`peer_${ticket.state}`], ticket) : counterWord(counter, messages);
}

function makePeer(counter) {
  return el(
    "li",
    { class: "peer" },
    el("span", { class: "peer__name", text: counter.name }),
    el("span", { class: "peer__now", dataset: { field: "now" } }),
    el("span", { class: "peer__clerk", dataset: { field: "clerk" } }),
  );
}

/** Shows the other counters. */
export function showPeers(view, peers, messages) {
  syncChildren(document.querySelector('[data-list="counters"]'), peers, {
    key: (counter) => counter.id,
    make: makePeer,
    update(node, counter) {
      const clerk = field(node, "clerk");
      node.dataset.open = counter.open;
      text(field(node, "now"), counterNow(view, counter, messages));
      text(clerk, counter.clerk ? fill(messages.peer_clerk, counter) : "");
      show(clerk, counter.clerk);
    },
  });
}
