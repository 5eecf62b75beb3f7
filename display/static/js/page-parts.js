// The parts that all public pages share: opening, time, notices, rows of numbers, the spoken-out call.
import { breakLines } from "../../../static/js/breaks.js";
import { el, field, fields, show, syncChildren, text } from "../../../static/js/dom.js";
import { clockText, fill, fillTime, named } from "../../../static/js/format.js";
import { earlyReason, statusLines } from "./status-words.js";

/** Makes the items of a list those texts, keeping the nodes that stay. */
export function showTexts(list, texts, className = "") {
  syncChildren(list, texts, {
    key: (each) => each,
    make: (each) => el("li", className ? { class: className, text: each } : { text: each }),
  });
}

/** A row of numbers under a title; hidden while there are none. */
export function showNumbers(root, name, labels) {
  const row = root.querySelector(`[data-numbers="${name}"]`);
  if (!row) return;
  showTexts(row.querySelector("[data-list]"), labels, "number");
  show(row, labels.length > 0);
}

/** Opening, as-of time, simulated clock, breaks and notices of a page. */
export function showHeading(root, board, messages) {
  const lines = statusLines(board, messages);
  for (const opening of root.querySelectorAll("[data-opening]")) {
    opening.dataset.phase = board.status.phase;
    text(field(opening, "headline"), messages[board.status.phase]);
    text(field(opening, "reason"), earlyReason(board, messages));
    const list = opening.querySelector('[data-list="lines"]');
    if (list) showTexts(list, lines);
    else text(field(opening, "status_line"), lines.join(" "));
  }
  for (const node of fields(root, "as_of")) text(node, fillTime(messages.as_of, board.as_of));
  for (const node of fields(root, "clock")) text(node, clockText(board.as_of));
  show(root.querySelector("[data-simulated]"), board.simulated);
  const breaks = root.querySelector('[data-list="breaks"]');
  if (breaks) {
    const sentences = breakLines(board, messages);
    showTexts(breaks, sentences);
    show(breaks, sentences.length > 0);
  }
  const notices = root.querySelector('[data-list="notices"]');
  if (notices) {
    syncChildren(notices, board.notices, {
      key: (notice) => notice.id,
      make: () => el("li", { class: "notices__item" }),
      update: (node, notice) => text(node, notice.text),
    });
    show(notices, board.notices.length > 0);
  }
}

/** Notices the calls that are new since the board before; the first board's calls are not new. */
export function callWatcher(board) {
  let highest = Math.max(0, ...board.calls.map((call) => call.call_seq));
  return (next) => {
    const fresh = next.calls.filter((call) => call.call_seq > highest);
    highest = Math.max(highest, ...fresh.map((call) => call.call_seq));
    return fresh;
  };
}

/** Speaks new calls politely to a screen reader. */
export function announce(root, calls, messages) {
  if (calls.length === 0) return;
  const sentences = calls.map((call) => fill(messages.announce, { label: call.label, counter: named(messages, "counter", call.counter, call.counter_name) }));
  text(root.querySelector("[data-announce]"), sentences.reverse().join(" "));
}
