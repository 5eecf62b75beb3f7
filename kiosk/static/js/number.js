// The number on the screen: the moment everything here is for.
import { field, show, text } from "../../../static/js/dom.js";
import { fill, rangeText } from "../../../static/js/format.js";
import { servicesOf } from "./choices.js";

const root = document.querySelector('section[data-screen="number"]');
const code = root.querySelector("[data-qr]");
let shown = null;

code.addEventListener("error", () => showCode(false));

function showCode(there) {
  show(code, there);
  show(root.querySelector('[data-part="qr-hint"]'), there);
  show(root.querySelector('[data-part="qr-missing"]'), !there);
}

/** Fills the screen with a ticket that was just issued. */
export function showNumber(ticket, board, messages) {
  shown = ticket;
  const service = servicesOf(board).find((each) => each.id === ticket.service);
  const counters = board.counters.filter((counter) => counter.services.includes(ticket.service));
  const range = rangeText(ticket.estimate, messages);
  text(field(root, "label"), ticket.label);
  field(root, "label").toggleAttribute("data-long", ticket.label.length > 4);
  text(field(root, "label_words"), fill(messages.issued, ticket));
  text(field(root, "service"), service?.name);
  text(field(root, "ahead"), ticket.ahead);
  text(field(root, "range"), range);
  show(root.querySelector('[data-part="range"]'), range);
  const names = counters.map((counter) => counter.name).join(messages.separator);
  text(field(root, "where"), fill(messages.where, { counters: names }));
  show(root.querySelector('[data-part="where"]'), names);
  showCode(true);
  code.src = `${location.pathname}/qr/${encodeURIComponent(ticket.token)}.svg`;
  showCall(board, messages);
}

/** Says so when the number is called while its holder still stands here. */
export function showCall(board, messages) {
  const service = servicesOf(board).find((each) => each.id === shown?.service);
  const call = service?.calling.find((each) => each.label === shown.label);
  show(root.querySelector('[data-part="called"]'), call);
  text(field(root, "called"), call ? fill(messages.called, { counter: call.counter_name }) : "");
}

/** Takes the number off the screen, and out of the page. */
export function clearNumber() {
  shown = null;
  for (const name of ["label", "label_words", "service", "ahead", "range", "where"]) text(field(root, name), "");
  code.removeAttribute("src");
}
