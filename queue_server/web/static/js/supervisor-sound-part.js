// 音で知らせる: the switch, the trial, and the word that the page still has to be touched.
import { show } from "./dom.js";
import { canRing, readyAtFirstTouch, readySound, ring, soundReady, soundWanted, wantSound } from "./supervisor-sound.js";

/** Minds the part. Returns {ring() (if it is wanted), tryOut()}. */
export function soundPart(say, messages) {
  const part = document.querySelector('[data-part="sound"]');
  const box = part.querySelector("[data-sound]");
  const showHint = () => show(part.querySelector('[data-part="sound_hint"]'), soundWanted() && !soundReady());

  box.addEventListener("change", async () => {
    wantSound(box.checked);
    if (box.checked) await readySound();
    say(box.checked ? messages.sound_on : messages.sound_off);
    showHint();
  });

  box.checked = soundWanted();
  show(part, canRing());
  if (soundWanted()) readyAtFirstTouch(showHint);
  showHint();

  return {
    ring() {
      if (soundWanted()) ring();
    },
    async tryOut() {
      await readySound();
      showHint();
      ring();
    },
  };
}
