// One screen's share of a board: the same as screens.py takes for the first paint.

/** What of a board a screen shows; the board itself where it shows everything. */
export function shareOf(board, { counters, services }) {
  if (!counters) return board;
  return {
    ...board,
    calls: board.calls.filter((call) => counters.includes(call.counter)),
    counters: board.counters.filter((counter) => counters.includes(counter.id)),
    categories: board.categories.map((category) => ({
      ...category,
      services: category.services.filter((service) => services.includes(service.id)),
    })),
  };
}

/** The calls that still stand: called numbers, newest first, then those already at the counter. */
export const standingCalls = ({ calls }) => [...calls.filter((c) => c.state === "called"), ...calls.filter((c) => c.state === "serving")];
