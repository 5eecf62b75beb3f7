// Each counter in one row: open or not, who works there, which number since when, the last call.
import { el, field, show, syncChildren, text } from "./dom.js";
import { clockText, fill } from "./format.js";
import { actionButton, buttonsCell, cell, columnsOf, rowHead } from "./supervisor-cells.js";
import { minutesSince } from "./supervisor-state.js";

const list = document.querySelector('[data-list="counters"]');
const [, now, lastCall, actions] = columnsOf(list);

function makeRow(counter) {
  const place = (className, field) => el("span", { class: className, dataset: { field } });
  const dataset = { action: "find", field: "number" };
  const number = el("button", { class: "grid__number number", type: "button", dataset });
  const about = el("span", { class: "grid__badges" }, place("state", "state"), place("grid__clerk", "clerk"));
  return el(
    "tr",
    { role: "row" },
    rowHead(el("span", { class: "grid__name", text: counter.name }), about, place("grid__today", "today")),
    el(
      "td",
      { role: "cell", class: "grid__now", dataset: { name: now } },
      number,
      place("state", "ticket_state"),
      place("grid__since number", "since"),
    ),
    cell(lastCall, "last_call"),
    buttonsCell(actions),
  );
}

function stateWord(view, counter, messages) {
  if (counter.state !== "break") return messages[`counter_${counter.state}`];
  const late = { time: clockText(counter.break_until), minutes: minutesSince(view, counter.break_until) };
  return fill(late.minutes > 0 ? messages.counter_break_late : messages.counter_break, late);
}

function showNumber(row, view, counter, messages) {
  const ticket = counter.now;
  const number = field(row, "number");
  show(number, ticket);
  text(number, ticket?.label);
  number.dataset.label = ticket?.label ?? "";
  number.setAttribute("aria-label", ticket ? fill(messages.find_row, ticket) : "");
  const badge = field(row, "ticket_state");
  badge.dataset.state = ticket?.state ?? "";
  text(badge, ticket ? messages[`state_${ticket.state}`] : "");
  const idle = counter.state === "open" ? messages.counter_free : messages.none;
  text(field(row, "since"), ticket ? fill(messages.minutes, { minutes: minutesSince(view, counter.since) }) : idle);
  row.querySelector(".grid__now").dataset.none = !ticket;
}

/** What can be done about a counter: [action, word]. A break ends when its clerk comes back. */
const buttonsOf = (counter, messages) => [
  counter.state === "closed" ? ["open-counter", messages.open_counter] : ["close-counter", messages.close_counter],
  ["assign", messages.assign],
];

const sameServices = (counter) => String([...counter.services].sort()) === String([...counter.default_services].sort());

function updateRow(row, counter, { view, names, messages }) {
  row.dataset.state = counter.state;
  const badge = field(row, "state");
  badge.dataset.state = counter.state;
  text(badge, stateWord(view, counter, messages));
  text(field(row, "clerk"), counter.clerk);
  const services = counter.services.map((id) => names.get(id)).join(messages.separator);
  text(field(row, "today"), sameServices(counter) ? "" : fill(messages.services_today, { services }));
  showNumber(row, view, counter, messages);
  const last = minutesSince(view, counter.last_call_at);
  text(field(row, "last_call"), last === null ? messages.none : fill(messages.minutes_ago, { minutes: last }));
  syncChildren(row.querySelector(".grid__buttons"), buttonsOf(counter, messages), {
    key: ([action]) => action,
    make: ([action, word]) =>
      actionButton(action, word, { counter: counter.id }, fill(messages.row_action, { word, name: counter.name })),
  });
}

/** Shows every counter. */
export function showCounters(view, state, messages) {
  const names = new Map(view.services.map((service) => [service.id, service.name]));
  syncChildren(list, state.counters, {
    key: (counter) => counter.id,
    make: makeRow,
    update: (row, counter) => updateRow(row, counter, { view, names, messages }),
  });
}
