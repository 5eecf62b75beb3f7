// Each service in one row: who waits and for how long, the last call, who serves it, whether numbers are given out.
import { el, field, show, syncChildren, text } from "./dom.js";
import { fill, levelWord } from "./format.js";
import { actionButton, buttonsCell, cell, columnsOf, rowHead } from "./supervisor-cells.js";
import { minutesSince } from "./supervisor-state.js";

const list = document.querySelector('[data-list="services"]');
const [, waiting, longest, lastCall, counters, actions] = columnsOf(list);

function makeRow(service) {
  const level = el("span", { class: "level", dataset: { field: "level" } }, el("span", { dataset: { field: "level_word" } }));
  const badges = el("span", { class: "grid__badges" }, el("span", { class: "state", dataset: { field: "pause" } }), level);
  const over = () => el("span", { class: "visually-hidden", dataset: { field: "over" } });
  return el(
    "tr",
    { role: "row" },
    rowHead(el("span", { class: "grid__name", text: service.name }), badges),
    cell(waiting, "waiting", over()),
    cell(longest, "longest", over()),
    cell(lastCall, "last_call", over()),
    cell(counters, "counters", over()),
    buttonsCell(actions),
  );
}

/** What can be done about the numbers of a service: [action, word]. */
function buttonsOf(service, messages) {
  if (!service.paused) return [["pause", messages.pause]];
  const resume = ["resume", messages.resume];
  return service.ended_today ? [resume] : [resume, ["pause", messages.end_today]];
}

function showBadges(row, service, level, messages) {
  const pause = field(row, "pause");
  pause.dataset.state = service.ended_today ? "closed" : "paused";
  text(pause, service.ended_today ? messages.service_ended : service.paused ? messages.service_paused : "");
  const mark = field(row, "level");
  show(mark, level && !service.paused);
  if (!level) return;
  mark.dataset.level = level.key;
  text(field(mark, "level_word"), levelWord(level, messages));
}

/** The figures of a service: [field, text, why somebody should look at it (empty: nobody has to)]. */
function figuresOf(view, service, limits, messages) {
  const last = minutesSince(view, service.last_call_at);
  const wait = service.longest_wait_minutes;
  const over = (kind) => (limits.includes(kind) ? messages.over_limit : "");
  const nobodyCalls = service.waiting_count > 0 && service.counters_open === 0;
  return [
    ["waiting", fill(messages.people, { count: service.waiting_count }), over("people")],
    ["longest", wait === null ? messages.none : fill(messages.minutes, { minutes: wait }), over("wait")],
    ["last_call", last === null ? messages.none : fill(messages.minutes_ago, { minutes: last }), over("without_call")],
    ["counters", String(service.counters_open), nobodyCalls ? messages.nobody_calls : ""],
  ];
}

function updateRow(row, service, { view, limits, level, messages }) {
  showBadges(row, service, level, messages);
  for (const [name, value, why] of figuresOf(view, service, limits, messages)) {
    const place = row.querySelector(`[data-cell="${name}"]`);
    text(field(place, name), value);
    place.dataset.over = Boolean(why);
    text(field(place, "over"), why);
  }
  row.querySelector('[data-cell="waiting"]').dataset.none = service.waiting_count === 0;
  syncChildren(row.querySelector(".grid__buttons"), buttonsOf(service, messages), {
    key: ([action]) => action,
    make: ([action]) => actionButton(action, "", { service: service.id }),
    update(button, [, word]) {
      text(button, word);
      button.setAttribute("aria-label", fill(messages.row_action, { word, name: service.name }));
    },
  });
}

/** Shows every service; `levels` are those of the newest board, by service. */
export function showServices(view, state, levels, messages) {
  syncChildren(list, view.services, {
    key: (service) => service.id,
    make: makeRow,
    update: (row, service) =>
      updateRow(row, service, { view, messages, limits: state.limits.get(service.id) ?? [], level: levels[service.id] }),
  });
}
