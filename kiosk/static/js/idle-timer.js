// Nobody there any more? Then the next person finds the first screen.

/** Milliseconds without a touch until the first screen comes back; the last ten seconds are counted on the screen. */
export const QUIET_MS = 45_000;
const COUNTED_SECONDS = 10;

/**
 * Watches for touches while `watching()` says so. `onCount(seconds)` is told the seconds left, null when nothing is to be
 * counted; `onIdle()` is told when the time is over.
 */
export function watchTouches({ watching, onCount, onIdle }) {
  let touched = Date.now();
  let shown = null;

  function count(seconds) {
    if (seconds === shown) return;
    shown = seconds;
    onCount(seconds);
  }

  function touch() {
    touched = Date.now();
    count(null);
  }

  function judge() {
    if (!watching()) return touch();
    const left = Math.ceil((touched + QUIET_MS - Date.now()) / 1000);
    if (left > 0) return count(left <= COUNTED_SECONDS ? left : null);
    touch();
    onIdle();
  }

  for (const event of ["pointerdown", "keydown"]) document.addEventListener(event, touch, { capture: true });
  setInterval(judge, 250);
  return { touch };
}
