// A short tone for a new alert. Off until somebody wants it; browsers allow sound only after a touch of the page.

const PLACE = "supervisor.sound";
const LOUDNESS = 0.3;
/** Two rising notes: frequency (Hz), beginning and length (s). */
const NOTES = [
  [660, 0, 0.16],
  [880, 0.18, 0.3],
];

let audio = null;

export const canRing = () => typeof AudioContext === "function";

/** Whether this browser's supervisor wants to hear alerts. */
export const soundWanted = () => window.localStorage.getItem(PLACE) === "on";

export function wantSound(wanted) {
  if (wanted) window.localStorage.setItem(PLACE, "on");
  else window.localStorage.removeItem(PLACE);
}

/** Whether a tone would be heard now. */
export const soundReady = () => audio?.state === "running";

/** Makes the sound ready; call it from a touch or a key. True when a tone would be heard. */
export async function readySound() {
  audio ??= new AudioContext();
  await audio.resume();
  return soundReady();
}

/** Makes the sound ready at the first touch of the page, for a wish that was kept; `onReady()` is told once. */
export function readyAtFirstTouch(onReady) {
  const listening = new AbortController();
  const touch = async () => {
    // Not every key counts as a touch for a browser.
    if (!navigator.userActivation.hasBeenActive || !(await readySound()) || listening.signal.aborted) return;
    listening.abort();
    onReady();
  };
  for (const event of ["pointerup", "keyup"]) document.addEventListener(event, touch, { signal: listening.signal });
}

function note(frequency, start, seconds) {
  const oscillator = audio.createOscillator();
  const volume = audio.createGain();
  oscillator.frequency.value = frequency;
  volume.gain.setValueAtTime(0.0001, start);
  volume.gain.exponentialRampToValueAtTime(LOUDNESS, start + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + seconds);
  oscillator.connect(volume).connect(audio.destination);
  oscillator.start(start);
  oscillator.stop(start + seconds);
}

/** The tone, once, if the browser allows it. */
export async function ring() {
  if (!audio) return;
  // A computer that slept has stopped the sound.
  await audio.resume();
  for (const [frequency, begin, seconds] of NOTES) note(frequency, audio.currentTime + begin, seconds);
}
