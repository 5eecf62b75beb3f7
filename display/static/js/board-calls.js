// The calls on a hall's screen: newest first, unmistakable, marked for a while.
import { el, field, show, syncChildren, text } from "../../../static/js/dom.js";
import { standingCalls } from "./board-share.js";

const FRESH_MS = 20_000;
// The same limits as in view.py.
const CROWDS = [["few", 4], ["some", 6], ["many", 8], ["most", 14]];

const list = document.querySelector('[data-list="calls"]');
const freshTimers = new Map();

function makeCall(beside) {
  const part = (name, lang) => el("span", lang ? { class: name, lang } : { class: name });
  const parts = [part("call__label number"), part("call__counter"), beside && part("call__second", beside.lang), part("call__stage"), makeState(beside)];
  return el("li", { class: "call" }, ...parts.filter(Boolean).flatMap((each) => [each, " "]));
}

function makeState(beside) {
  const second = beside && el("span", { class: "second", lang: beside.lang });
  return el("span", { class: "call__state" }, ...[el("span", { "data-field": "call_state" }), second].filter(Boolean));
}

/** Says what is true of all of them: somebody is being called, or all are at a counter already. */
function showTitle(calls, { tongue, beside }) {
  const key = calls.length > 0 && calls.every((call) => call.state === "serving") ? "serving" : "calls";
  const title = document.querySelector("#calls-title [data-title]");
  title.dataset.title = key;
  text(title, tongue.titles[key]);
  if (beside) text(document.querySelector("#calls-title .second"), beside.titles[key]);
}

/** Replaces the calls by those of a board's share; `tongue` says its words, `beside` is a second one or null. */
export function showCalls(board, { tongue, beside }) {
  if (!list) return;
  const calls = standingCalls(board);
  showTitle(calls, { tongue, beside });
  syncChildren(list, calls, {
    key: (call) => call.label,
    make: () => makeCall(beside),
    update(node, call) {
      node.dataset.state = call.state;
      text(node.querySelector(".call__label"), call.label);
      text(node.querySelector(".call__counter"), tongue.names.counter[call.counter] ?? call.counter_name);
      if (beside) text(node.querySelector(".call__second"), beside.names.counter[call.counter] ?? "");
      text(node.querySelector(".call__stage"), tongue.names.stage[call.stage] ?? call.stage ?? "");
      const serving = call.state === "serving";
      text(field(node, "call_state"), serving ? tongue.titles.serving : "");
      if (beside) text(node.querySelector(".call__state .second"), serving ? beside.titles.serving : "");
      show(node.querySelector(".call__state"), serving);
      if (call.state !== "called") node.classList.remove("is-fresh");
    },
  });
  list.dataset.crowd = CROWDS.find(([, most]) => calls.length <= most)?.[0] ?? "full";
  list.dataset.newest = calls[0]?.state ?? "";
  const nobody = calls.length === 0;
  show(document.querySelector('[data-part="no-calls"]'), nobody && board.status.open);
  show(document.querySelector('[data-part="closed"]'), nobody && !board.status.open);
}

/** Marks calls as new, here and on a counter's panel; a recall of the same number begins anew. */
export function markFresh(calls) {
  for (const { label } of calls) {
    const node = [...(list?.children ?? [])].find((each) => each.dataset.key === label);
    if (node) flash(node, label);
  }
}

/** Lets a node flash, and stay marked for a while. */
export function flash(node, key) {
  clearTimeout(freshTimers.get(key));
  node.classList.remove("is-fresh");
  node.getBoundingClientRect();
  node.classList.add("is-fresh");
  const timer = setTimeout(() => {
    node.classList.remove("is-fresh");
    freshTimers.delete(key);
  }, FRESH_MS);
  freshTimers.set(key, timer);
}
