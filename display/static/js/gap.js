// Says afterwards for how long the page had heard nothing: a call may have come and gone meanwhile.
import { show, text } from "../../../static/js/dom.js";
import { fill } from "../../../static/js/format.js";

/** Tells of gaps between boards. `boards`: the time of the last board before a silence and of the first after it (ISO). */
export function gapTeller(messages) {
  const line = document.querySelector('[data-part="gap"]');
  const called = document.querySelector('[data-part="gap-called"]');
  let before = null;
  return {
    /** Nothing has been heard since the board of that time. */
    silentSince(iso) {
      before ??= iso;
    },
    /** A board came; `missedCall` says that the number was called during the silence. */
    heard(iso, missedCall) {
      if (before === null) return;
      text(line, fill(messages.gap, { start: hourAndMinute(before), end: hourAndMinute(iso) }));
      show(line, true);
      text(called, missedCall ? messages.gap_called : "");
      show(called, missedCall);
      before = null;
    },
  };
}

const hourAndMinute = (iso) => iso.slice(11, 16).replace(/^0/, "");
