// The notices that stand now, each with its end and the way to take it away.
import { el, field, show, syncChildren, text } from "./dom.js";
import { clockText, dayText, fill } from "./format.js";
import { actionButton } from "./supervisor-cells.js";

function untilText(view, { until }, messages) {
  if (!until) return messages.notice_stays;
  const today = until.slice(0, 10) === view.as_of.slice(0, 10);
  return fill(today ? messages.notice_today : messages.notice_until, { day: dayText(until), time: clockText(until) });
}

/** Shows every notice, in the order in which they were posted. */
export function showNotices(view, messages) {
  const list = document.querySelector('[data-list="notices"]');
  syncChildren(list, view.notices, {
    key: (notice) => notice.id,
    make(notice) {
      const label = fill(messages.row_action, { word: messages.withdraw, name: notice.text });
      return el(
        "li",
        { class: "notice" },
        el("p", { class: "notice__text", text: notice.text }),
        el("p", { class: "notice__until number", dataset: { field: "until" } }),
        actionButton("withdraw", messages.withdraw, { notice: notice.id }, label),
      );
    },
    update: (node, notice) => text(field(node, "until"), untilText(view, notice, messages)),
  });
  show(list, view.notices.length > 0);
  show(document.querySelector('[data-part="no_notices"]'), view.notices.length === 0);
}
