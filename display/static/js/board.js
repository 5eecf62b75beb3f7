// The hall's screen: keeps the server's page and replaces what a newer board says differently.
import { field, readJSON, text } from "../../../static/js/dom.js";
import { dayText } from "../../../static/js/format.js";
import { showLink } from "../../../static/js/link-state.js";
import { connect } from "../../../static/js/live.js";
import { announcer } from "./announcer.js";
import { healErrors, stayAlive } from "./board-alive.js";
import { markFresh, showCalls } from "./board-calls.js";
import { markLong, showFoot } from "./board-foot.js";
import { showLines, turnPages } from "./board-lines.js";
import { showPanel } from "./board-panel.js";
import { shareOf, standingCalls } from "./board-share.js";
import { runSlides } from "./board-slides.js";
import { alternate, makeTongues } from "./board-tongues.js";
import { announce, callWatcher, showHeading } from "./page-parts.js";
import { statusLines } from "./status-words.js";

// The same limit as in view.py.
const STATUS_SIGNS = 50;
const QUIET_MS = 30_000;

const screen = readJSON("screen");
const tongues = readJSON("tongues");
const words = makeTongues(tongues, screen);
let whole = readJSON("board");
let calledAt = -QUIET_MS;
let heardAt = performance.now();
const newCalls = callWatcher(shareOf(whole, screen));
const speak = announcer(whole, (call) => !screen.counters || screen.counters.includes(call.counter));

function showBoard(fresh = []) {
  const board = shareOf(whole, screen);
  const { messages } = words.tongue;
  showHeading(document, board, messages);
  text(field(document, "day"), dayText(board.as_of));
  markLong(document.querySelector(".board__status"), [messages[board.status.phase], ...statusLines(board, messages)], STATUS_SIGNS);
  showCalls(board, words);
  showLines(board, words);
  showPanel(board, words, fresh);
  showFoot(board, words);
}

function takeBoard(next) {
  whole = next;
  heardAt = performance.now();
  const fresh = newCalls(shareOf(whole, screen));
  if (fresh.length > 0) calledAt = performance.now();
  showBoard(fresh);
  markFresh(fresh);
  announce(document, fresh, words.tongue.messages);
  speak(whole);
}

healErrors();
turnPages(screen.rows);
alternate(words, tongues, screen, showBoard);
runSlides();
connect({
  site: whole.site.id,
  board: whole,
  onBoard: takeBoard,
  onLink: ({ state }) => showLink(state, { asOf: whole.as_of, template: words.tongue.messages.stale }),
});
stayAlive({
  site: whole.site.id,
  screen,
  quiet: () => performance.now() - calledAt > QUIET_MS && standingCalls(whole).every((call) => call.state !== "called"),
  closed: () => !whole.status.open,
  quietFor: () => performance.now() - heardAt,
});
