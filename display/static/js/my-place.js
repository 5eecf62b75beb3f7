// Finds a ticket in the public board by its label; numbers of live tickets are unique in a hall.
import { servicesOf } from "./services.js";

/**
 * Where the ticket `label` stands: {state, service, ahead, counter, counterName, callSeq, calledAt, callLabel}, or null when the board no longer
 * has it (it has ended, or was never here). `ahead` counts who is being called or served too.
 */
export function findPlace(board, label) {
  for (const service of servicesOf(board)) {
    const place = { service, ahead: 0, counter: "", counterName: "", callSeq: 0, callLabel: service.last_call?.label ?? "" };
    const before = service.waiting.indexOf(label);
    if (before >= 0) return { ...place, state: "waiting", ahead: before + service.calling.length + service.serving.length };
    const call = service.calling.find((each) => each.label === label);
    if (call) return { ...place, state: "called", counter: call.counter, counterName: call.counter_name ?? "", callSeq: call.call_seq, calledAt: call.at };
    for (const state of ["serving", "held", "no_show"]) {
      if (service[state].includes(label)) {
      const at = board.counters.find((counter) => counter.label === label);
      return { ...place, state, counter: at?.id ?? "", counterName: at?.name ?? "" };
    }
    }
  }
  return null;
}
