// Sound and vibration when a number is called. Browsers allow both only after somebody has touched the page.

let audio = null;

/** Prepares the sound; call it from a touch. True when the page may now make one. */
export async function armAlarm() {
  audio ??= new AudioContext();
  await audio.resume();
  return audio.state === "running";
}

/** Whether this browser can make a sound at all. */
export const canAlarm = () => typeof AudioContext === "function";

function tone(frequency, start, seconds) {
  const oscillator = audio.createOscillator();
  const volume = audio.createGain();
  oscillator.frequency.value = frequency;
  volume.gain.setValueAtTime(0.0001, start);
  volume.gain.exponentialRampToValueAtTime(0.5, start + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + seconds);
  oscillator.connect(volume).connect(audio.destination);
  oscillator.start(start);
  oscillator.stop(start + seconds);
}

/** Vibrates where somebody has touched the page; before that a browser only complains of it. */
function vibrate(pattern) {
  if (navigator.userActivation?.hasBeenActive ?? true) navigator.vibrate?.(pattern);
}

/** Three times ding-dong and three long vibrations, as far as the browser allows them. */
export function soundAlarm() {
  vibrate([600, 300, 600, 300, 600]);
  if (audio?.state !== "running") return;
  for (const round of [0, 1.6, 3.2]) {
    tone(988, audio.currentTime + round, 0.7);
    tone(784, audio.currentTime + round + 0.6, 0.9);
  }
}

/** One soft tone and one vibration: the turn is near. */
export function soundNear() {
  vibrate([300]);
  if (audio?.state === "running") tone(784, audio.currentTime, 0.9);
}
