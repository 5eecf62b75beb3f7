// The loudspeaker: chime and speech by WebAudio, where one piece begins exactly where the other ends.

const PAUSE_S = 0.25;
const RESUME_MS = 1_000;
/** Longer than a piece by this, and the sound is taken for over: a loudspeaker that was unplugged tells no end. */
const GRACE_MS = 2_000;
/** Two falling notes, as in every hall: frequency (Hz), beginning and length (s). */
const NOTES = [
  [659.25, 0, 1.1],
  [523.25, 0.55, 1.4],
];
const CHIME_S = 1.7;
const CHIME_LOUDNESS = 0.4;

/**
 * The sound of this page at `volume` (0 to 1). `onBlocked(blocked, allow)` is told when the browser lets no sound out
 * before somebody has touched the page, with what to call in that touch.
 */
export function openSound(volume, onBlocked) {
  const audio = new AudioContext();
  const out = audio.createGain();
  out.gain.value = volume;
  out.connect(audio.destination);
  audio.addEventListener("statechange", () => audio.state === "running" && onBlocked(false));

  /** Whether a sound would be heard now. */
  async function ready() {
    if (audio.state !== "running") {
      // Without leave the promise stays open.
      await Promise.race([audio.resume(), new Promise((resolve) => setTimeout(resolve, RESUME_MS))]);
    }
    const running = audio.state === "running";
    onBlocked(!running, () => audio.resume());
    return running;
  }

  function note(frequency, start, seconds) {
    const tone = audio.createOscillator();
    const loudness = audio.createGain();
    tone.frequency.value = frequency;
    loudness.gain.setValueAtTime(0.0001, start);
    loudness.gain.exponentialRampToValueAtTime(CHIME_LOUDNESS, start + 0.01);
    loudness.gain.exponentialRampToValueAtTime(0.0001, start + seconds);
    tone.connect(loudness).connect(out);
    tone.start(start);
    tone.stop(start + seconds);
  }

  const until = (time) => new Promise((resolve) => setTimeout(resolve, Math.max(0, (time - audio.currentTime) * 1000)));

  async function chime() {
    const start = audio.currentTime;
    for (const [frequency, begin, seconds] of NOTES) note(frequency, start + begin, seconds);
    await until(start + CHIME_S);
  }

  /** Plays sounds one behind the other; ends with the last of them. */
  async function play(sounds) {
    let at = audio.currentTime + 0.02;
    let last = null;
    for (const sound of sounds) {
      last = audio.createBufferSource();
      last.buffer = sound;
      last.connect(out);
      last.start(at);
      at += sound.duration + PAUSE_S;
    }
    const ended = new Promise((resolve) => last.addEventListener("ended", resolve, { once: true }));
    await Promise.race([ended, until(at + GRACE_MS / 1000)]);
    await until(Math.min(at, audio.currentTime + PAUSE_S));
  }

  return { ready, chime, play, decode: (bytes) => audio.decodeAudioData(bytes) };
}
