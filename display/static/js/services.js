// What a resident reads about one service: the same as view.py takes from a board for the first paint.
import { fill, levelWord, named, rangeText } from "../../../static/js/format.js";

/** Every service of a board, in the order of the page. */
export const servicesOf = (board) => board.categories.flatMap((category) => category.services);

/** A service as words. Empty texts are not shown; no level while the hall is closed or the service is paused. */
export function serviceView(board, service, messages) {
  const shown = board.status.open && !service.paused;
  const call = service.last_call;
  return {
    stopped: stopped(board, service),
    quiet: !(board.status.open && !service.ended_today) && !["waiting", "calling", "serving"].some((name) => service[name].length),
    level: shown ? { key: service.level.key, word: levelWord(service.level, messages) } : null,
    people: fill(messages.people, { count: service.waiting_count }),
    range: shown ? rangeText(service.estimate, messages) : "",
    callLabel: call?.label ?? "",
    callCounter: call ? named(messages, "counter", call.counter, call.counter_name) : "",
    waiting: service.waiting,
    held: service.held,
    no_show: service.no_show,
  };
}

/** Why no number can be had while the hall is open: "ended" (today), "paused", "not_accepting", or "". */
function stopped(board, service) {
  if (!board.status.open) return "";
  if (service.paused) return service.ended_today ? "ended" : "paused";
  return !service.accepting && board.storage.writable ? "not_accepting" : "";
}
