// The phone page: keeps the server's page and replaces what a newer board says differently.
import { field, readJSON, show, text } from "../../../static/js/dom.js";
import { fill } from "../../../static/js/format.js";
import { showLink } from "../../../static/js/link-state.js";
import { connect } from "../../../static/js/live.js";
import { keepCourse } from "./course.js";
import { announce, callWatcher, showHeading, showNumbers, showTexts } from "./page-parts.js";
import { serviceView, servicesOf } from "./services.js";

const messages = readJSON("messages");
let board = readJSON("board");
const newCalls = callWatcher(board);
const course = keepCourse(board);

function showService(card, view) {
  const level = card.querySelector('[data-part="level"]');
  show(level, view.level);
  if (view.level) {
    field(level, "level").dataset.level = view.level.key;
    text(level.querySelector(".level__word"), view.level.word);
  }
  text(field(card, "sentence"), messages[view.stopped]);
  show(field(card, "sentence"), view.stopped);
  show(card.querySelector('[data-part="facts"]'), !view.quiet);
  text(field(card, "people"), view.people);
  text(field(card, "range"), view.range || messages.no_estimate);
  show(card.querySelector('[data-part="range"]'), view.level);
  text(field(card, "call_label"), view.callLabel || messages.no_call);
  text(field(card, "call_counter"), view.callCounter);
  showTexts(card.querySelector('[data-list="waiting"]'), view.waiting, "number");
  show(card.querySelector('[data-part="more"]'), view.waiting.length > 0);
  showNumbers(card, "no_show", view.no_show);
  showNumbers(card, "held", view.held);
}

function showQuality(quality) {
  const sentence = field(document, "quality");
  show(sentence, quality);
  text(sentence, quality ? fill(messages.quality, { ...quality, percent: Math.round(quality.share * 100) }) : "");
}

function showBoard(next) {
  board = next;
  showHeading(document, board, messages);
  for (const service of servicesOf(board)) {
    const card = document.querySelector(`[data-service="${CSS.escape(service.id)}"]`);
    if (card) showService(card, serviceView(board, service, messages));
  }
  showQuality(board.quality);
  course.changed(board);
  announce(document, newCalls(board), messages);
}

const live = connect({
  site: board.site.id,
  board,
  socketAfter: 1500,
  onBoard: showBoard,
  onLink: ({ state }) => showLink(state, { asOf: board.as_of, template: messages.stale }),
});

// With the line down, following the link would trade the last known board for the browser's error page.
document.querySelector("[data-refresh]").addEventListener("click", (event) => {
  if ((document.body.dataset.link ?? "live") === "live") return;
  event.preventDefault();
  live.refresh();
});
