// From when the holder of a ticket wants to be told that the turn is near. The choice stays on this phone.

const KEY = "queue.near";

/** The choice kept on this phone, else `standard`: {unit: "people" | "minutes", value}. */
export function nearChoice(standard) {
  try {
    const [, unit, value] = /^(people|minutes):(\d{1,3})$/.exec(localStorage.getItem(KEY) ?? "") ?? [];
    return unit ? { unit, value: Number(value) } : standard;
  } catch {
    // A browser may forbid storage; the page works without.
    return standard;
  }
}

/** Keeps a choice such as "minutes:10". */
export function keepNear(text) {
  try {
    localStorage.setItem(KEY, text);
  } catch {
    // It then holds for as long as the page is open.
  }
}

/** Whether a waiting ticket is that near: the rule of queue_server/domain/nearness.py. */
export function isNear({ ahead, estimate }, { unit, value }) {
  if (ahead === 0) return true;
  return unit === "people" ? ahead <= value : Boolean(estimate) && estimate.low <= value;
}
