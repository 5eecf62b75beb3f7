// The number on the screen: the moment everything here is for.
import { field, readJSON, show, text } from "../../../static/js/dom.js";
import { fill, rangeText } from "../../../static/js/format.js";
import { servicesOf } from "./choices.js";

const root = document.querySelector('section[data-screen="number"]');
const code = root.querySelector("[data-qr]");
const names = readJSON("names");
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
  text(field(root, "service"), names.service[ticket.service] ?? service?.name);
  text(field(root, "ahead"), ticket.ahead);
  show(root.querySelector('[data-part="ahead"]'), ticket.ahead !== null);
  show(root.querySelector('[data-part="offline"]'), ticket.offline);
  text(field(root, "range"), range);
  show(root.querySelector('[data-part="range"]'), range);
  const where = counters.map(({ id, name }) => names.counter[id] ?? name).join(messages.separator);
  text(field(root, "where"), fill(messages.where, { counters: where }));
  show(root.querySelector('[data-part="where"]'), where);
  showCode(true);
  showPaper("", true);
  // The phone goes on in the language of this page.
  code.src = `${location.pathname}/qr/${encodeURIComponent(ticket.token)}.svg${location.search}`;
  showCall(board, messages);
}

/** Says so when the number is called while its holder still stands here. */
export function showCall(board, messages) {
  const service = servicesOf(board).find((each) => each.id === shown?.service);
  const call = service?.calling.find((each) => each.label === shown.label);
  show(root.querySelector('[data-part="called"]'), call);
  text(field(root, "called"), call ? fill(messages.called, { counter: names.counter[call.counter] ?? call.counter_name }) : "");
}

/** What is said of the paper; where none came out, it can be tried again. `printed` is null while it is under way. */
export function showPaper(words, printed) {
  const note = root.querySelector('[data-part="paper"]');
  text(note, words);
  show(note, words);
  note.dataset.printed = printed;
  show(root.querySelector("[data-reprint]"), printed === false);
}

/** Takes the number off the screen, and out of the page. */
export function clearNumber() {
  shown = null;
  for (const name of ["label", "label_words", "service", "ahead", "range", "where"]) text(field(root, name), "");
  showPaper("", true);
  code.removeAttribute("src");
}
