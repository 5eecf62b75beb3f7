// The languages of a hall's screen: side by side, or one after the other.
import { field, text } from "../../../static/js/dom.js";

const CHANGE_MS = 10_000;

/** The words of a screen: `tongue` is what it speaks now, `beside` what stands small beside it, or null. */
export function makeTongues(tongues, { languages, tongues: how }) {
  const [main, second] = languages.map((tag) => tongues[tag]);
  return { tongue: main, beside: how === "beside" && second ? second : null };
}

function setWords({ tongue }) {
  document.documentElement.lang = tongue.lang;
  for (const node of document.querySelectorAll("[data-title]")) text(node, tongue.titles[node.dataset.title]);
  for (const node of document.querySelectorAll("[data-name-of]")) {
    const name = tongue.names[node.dataset.nameOf][node.dataset.id];
    if (name) text(node, name);
  }
  text(field(document, "site_name"), tongue.names.site);
}

/** Speaks one language after the other where the screen does; `show` draws the board anew in the present one. */
export function alternate(words, tongues, { languages, tongues: how }, show) {
  if (how !== "alternate" || languages.length < 2) return;
  let now = 0;
  setInterval(() => {
    now = (now + 1) % languages.length;
    words.tongue = tongues[languages[now]];
    setWords(words);
    show();
  }, CHANGE_MS);
}
