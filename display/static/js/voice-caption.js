// The words beside the voice: what is being said, and that the browser lets no sound out.
import { show, text } from "../../../static/js/dom.js";
import { fill } from "../../../static/js/format.js";

/** Shows what is being said; null when nothing is. */
export function showCaption(part) {
  const caption = document.querySelector("[data-caption]");
  if (part) {
    caption.lang = part.lang;
    text(caption, fill(part.sentence, part));
  }
  show(caption, part !== null);
}

/** Says that the browser stops the sound, with a button that lets it out. */
export function showSoundOff(blocked, allow) {
  const note = document.querySelector("[data-sound-off]");
  if (blocked) note.querySelector("[data-sound-on]").onclick = allow;
  show(note, blocked);
}
