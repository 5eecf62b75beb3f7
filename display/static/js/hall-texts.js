// What a hall's screen says besides numbers, and how much room it needs: the same as view.py makes for the first paint.
import { breakLines, peopleHere } from "../../../static/js/breaks.js";
import { earlyReason } from "./status-words.js";

const ROOMS = {
  box: [16, 3],
  "box-mid": [19, 3],
  "box-long": [23, 4],
  row: [52, 4],
  "row-long": [73, 6],
  "row-full": [100, 7],
};

/** The reception that ended early, breaks, notices. */
export function hallTexts(board, messages) {
  const reason = earlyReason(board, messages);
  const early = reason ? [messages.after_closing + reason] : [];
  if (board.status.ended_early && peopleHere(board)) early.push(messages.after_closing_waiting);
  return [...early, ...breakLines(board, messages), ...board.notices.map((notice) => notice.text)];
}

/** The first of ROOMS that holds the texts, else its last. Signs are counted as Python counts them. */
export function room(texts) {
  const linesOf = (text, signs) => Math.ceil([...text].length / signs);
  const fits = ([, [signs, lines]]) => texts.reduce((sum, text) => sum + linesOf(text, signs), 0) <= lines;
  return (Object.entries(ROOMS).find(fits) ?? ["row-full"])[0];
}

/** The room after `name`, or null for the last. */
export function nextRoom(name) {
  const names = Object.keys(ROOMS);
  return names[names.indexOf(name) + 1] ?? null;
}
