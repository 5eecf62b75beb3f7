// The panel of one counter: the same as view.py makes for the first paint.
import { field, show, text } from "../../../static/js/dom.js";
import { breakLines } from "../../../static/js/breaks.js";
import { flash } from "./board-calls.js";
import { standingCalls } from "./board-share.js";
import { servicesOf } from "./services.js";

const NEXT_NUMBERS = 3;
const root = document.querySelector("[data-panel]");

function panelOf(board, { messages, titles, names }) {
  const [counter] = board.counters;
  const services = servicesOf(board);
  const next = services.length === 1 ? services[0].waiting.slice(0, NEXT_NUMBERS) : [];
  const [call] = standingCalls(board);
  if (call) {
    const word = call.state === "called" ? titles.calls : messages.serving;
    return { state: call.state, word, label: call.label, stage: names.stage[call.stage] ?? call.stage ?? "", next };
  }
  if (counter.break_until) return { state: "break", word: breakLines(board, { ...messages, names }).join("") || titles.counter_closed, next: [] };
  if (!counter.open) return { state: "closed", word: titles.counter_closed, next: [] };
  return { state: "free", word: titles.counter_free, next };
}

/** Fills the panel from its share of a board; `fresh` are the calls that are new. */
export function showPanel(board, { tongue, beside }, fresh) {
  if (!root || board.counters.length === 0) return;
  const panel = panelOf(board, tongue);
  root.dataset.state = panel.state;
  text(field(root, "panel_word"), panel.word);
  if (beside) text(field(root, "panel_second"), panelOf(board, beside).word);
  for (const name of ["label", "stage"]) {
    const node = field(root, `panel_${name}`);
    text(node, panel[name] ?? "");
    show(node, panel[name]);
  }
  text(field(root, "panel_next"), panel.next.join(" "));
  show(root.querySelector('[data-part="panel_next"]'), panel.next.length > 0);
  if (fresh.length > 0) flash(root, "panel");
  if (panel.state !== "called") root.classList.remove("is-fresh");
}
