// Says new calls aloud, one after the other: chime, number, number again, counter; then the further languages.
//
// A call is known by its call_seq. What was there when the page was loaded is not said; what has been said is remembered
// in this browser, so that a reload says nothing again, and what came meanwhile is said if it is still young.
import { readJSON } from "../../../static/js/dom.js";
import { isQuiet, newCalls, partsOf, wallClock } from "./voice-calls.js";
import { showCaption, showSoundOff } from "./voice-caption.js";
import { clipStore } from "./voice-clips.js";
import { openSound } from "./voice-sound.js";

/** How long a sentence that nobody speaks stays in the caption. */
const READING_MS = 4_000;
/** A call that has stood in the line for so long is said no more: the screen has slept meanwhile. */
const LONGEST_LINE_S = 600;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * The voice of this screen: give the returned function each newer board. `board` is the one on the page; `concerns(call)`
 * says which calls this screen says. A screen that is silent does nothing.
 */
export function announcer(board, concerns = () => true) {
  const voice = readJSON("voice");
  if (!voice?.speaks) return () => {};
  const memory = memoryOf(voice.site);
  const sound = openSound(voice.volume, showSoundOff);
  const soundsOf = clipStore(voice.site, sound.decode);
  const clock = wallClock();
  const line = [];
  let busy = false;
  let highest = memory.read() ?? -1;
  // Without a memory, or with that of another journal, everything on the page counts as said.
  if (highest < 0 || highest > board.seq) highest = Math.max(0, ...newCalls(board, 0).map((call) => call.call_seq));
  memory.write(highest);

  async function speak(call) {
    const late = clock.secondsSince(call.at) > voice.oldest + LONGEST_LINE_S;
    const heard = !late && !isQuiet(voice.quiet, clock.time()) && (await sound.ready());
    if (heard && voice.chime) await sound.chime();
    // From here on it counts as said: a reload does not begin it anew, and the number stands on the screen.
    memory.write(call.call_seq);
    for (const part of partsOf(call, voice)) {
      const sounds = heard ? await call.sounds[part.tag] : null;
      showCaption(part);
      await (sounds ? sound.play(sounds) : wait(READING_MS));
    }
  }

  async function work() {
    if (busy) return;
    busy = true;
    while (line.length > 0) {
      try {
        await speak(line.shift());
      } catch (error) {
        // One call that cannot be said must not silence the others.
        console.warn(`voice: ${error}`);
      }
      showCaption(null);
    }
    busy = false;
  }

  function take(next) {
    clock.set(next.as_of);
    if (next.seq < highest) highest = 0;
    for (const call of newCalls(next, highest)) {
      highest = call.call_seq;
      if (clock.secondsSince(call.at) > voice.oldest || !concerns(call)) continue;
      // Fetched while others are still being said.
      call.sounds = Object.fromEntries(voice.languages.map(({ tag }) => [tag, soundsOf(call, tag, voice)]));
      line.push(call);
    }
    work();
  }

  sound.ready();
  take(board);
  return take;
}

/** The highest call_seq that this browser has said of a site; null where it remembers none, or may not remember. */
function memoryOf(site) {
  const place = `board.spoken.${site}`;
  return {
    read() {
      try {
        const text = localStorage.getItem(place);
        return text === null ? null : Number(text);
      } catch {
        return null;
      }
    },
    write(seq) {
      try {
        localStorage.setItem(place, String(seq));
      } catch {
        // A browser without memory says after a reload only what is new on the page.
      }
    },
  };
}
