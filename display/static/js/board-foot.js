// The foot of a hall's screen: numbers called in vain, numbers put aside, what the hall has to say.
import { show } from "../../../static/js/dom.js";
import { hallTexts, nextRoom, room } from "./hall-texts.js";
import { showTexts } from "./page-parts.js";
import { servicesOf } from "./services.js";

// The same limit as in view.py.
const NUMBER_SIGNS = 36;

/** Marks a node whose texts have more signs than its place holds at full size. */
export function markLong(node, texts, most) {
  node.toggleAttribute("data-long", texts.join("").length > most);
}

/** Fills the foot from a board's share. */
export function showFoot(board, { tongue }) {
  const foot = document.querySelector("[data-room]");
  if (!foot) return;
  for (const state of ["no_show", "held"]) {
    const labels = servicesOf(board).flatMap((each) => each[state]);
    const numbers = foot.querySelector(`[data-list="${state}"]`);
    numbers.dataset.none = tongue.titles.none;
    showTexts(numbers, labels, "number");
    markLong(numbers, labels, NUMBER_SIGNS);
  }
  const texts = hallTexts(board, { ...tongue.messages, names: tongue.names });
  const node = foot.querySelector('[data-list="texts"]');
  showTexts(node, texts);
  show(node, texts.length > 0);
  show(foot.querySelector('[data-part="no-texts"]'), texts.length === 0);
  setRoom(foot, texts);
}

/** The room that was reckoned for the texts, or the first after it that really holds them. */
function setRoom(foot, texts) {
  const box = foot.querySelector(".aside--texts");
  const key = JSON.stringify([innerWidth, innerHeight, texts]);
  if (foot.dataset.settled === key) return;
  let name = room(texts);
  foot.dataset.room = name;
  while (box.scrollHeight > box.clientHeight + 1 && (name = nextRoom(name))) foot.dataset.room = name;
  foot.dataset.settled = key;
}
