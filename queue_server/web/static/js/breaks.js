// Counters whose clerk is away for a while, as pages for residents say it.
import { fill, fillTime, named } from "./format.js";

/** Whether anybody still waits, is being called or will be called again. */
export const peopleHere = ({ categories }) =>
  categories.some(({ services }) => services.some((each) => each.waiting.length || each.calling.length || each.held.length));

/** Which counters are on a break, and until about when by the board's own clock; none once everybody has gone. */
export function breakLines(board, messages) {
  if (!board.status.open && !peopleHere(board)) return [];
  const away = new Map();
  for (const { id, name, break_until: until } of board.counters) {
    if (!until) continue;
    // Times of one board have one form and one offset, so their texts are in order.
    const back = board.as_of < until ? until : "";
    away.set(back, [...(away.get(back) ?? []), named(messages, "counter", id, name)]);
  }
  return [...away].map(([back, names]) => {
    const counters = names.join(messages.separator);
    return back ? fillTime(messages.on_break, back, { counters }) : fill(messages.on_break_soon, { counters });
  });
}
