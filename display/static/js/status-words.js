// Whether the hall is open, in words: the same sentences as words.py makes for the first paint.
import { peopleHere } from "../../../static/js/breaks.js";
import { dayText, fill, fillTime } from "../../../static/js/format.js";

/** Why staff ended today's reception early, in brackets; "" when they did not, or gave no reason. */
export function earlyReason({ status }, messages) {
  return status.ended_early && status.reason ? fill(messages.ended_reason, status) : "";
}

/** What follows the headline: until or from when, why, who is still called, what does not work. */
export function statusLines(board, messages) {
  const { status } = board;
  const lines = [];
  const say = (key, iso) => iso && lines.push(fillTime(messages[key], iso, { day: dayText(iso) }));

  if (status.phase === "open") say("open_until", status.closes);
  else if (status.phase === "before_opening") say("opens_at", status.opens);
  else if (status.phase === "break") say("resumes_at", status.next_open);
  if (status.phase === "after_closing" && peopleHere(board)) lines.push(messages.after_closing_waiting);
  if (status.reason && !status.ended_early) {
    const key = status.phase === "closed_day" ? "closed_reason" : "special_open";
    lines.push(fill(messages[key], { reason: status.reason }));
  }
  if (["after_closing", "closed_day"].includes(status.phase)) say("next_open", status.next_open);
  if (status.open && !board.storage.writable) lines.push(messages.no_tickets);
  return lines;
}
