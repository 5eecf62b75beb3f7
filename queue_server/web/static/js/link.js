// The state of the line to the server, from what was heard and when.

/** After this many milliseconds without anything heard, what is on the screen may be out of date. */
export const SILENCE_MS = 30_000;

/**
 * Watches the line. `heard()` notes a sign of life, `lost()` a known break; `onLink({state, since})` is told each change:
 * "live", "offline" (a break is known), "silent" (nothing heard for 30 s, whatever else is known); `since` is the
 * time (ms) of the last sign of life. `silent`: nothing was heard yet, what is shown was kept from before.
 */
export function watchLink(onLink, { silent = false } = {}) {
  let lastHeard = silent ? 0 : Date.now();
  let broken = false;
  let state = "live";

  function judge() {
    const silent = Date.now() - lastHeard >= SILENCE_MS;
    const next = silent ? "silent" : broken ? "offline" : "live";
    if (next === state) return;
    state = next;
    onLink({ state, since: lastHeard });
  }

  const timer = setInterval(judge, 1000);
  // Before anything can be heard: whoever is told "live" again has to have been told "silent".
  if (silent) queueMicrotask(judge);
  return {
    heard() {
      lastHeard = Date.now();
      broken = false;
      judge();
    },
    lost() {
      broken = true;
      judge();
    },
    /** Milliseconds since the last sign of life. */
    quietFor: () => Date.now() - lastHeard,
    close() {
      clearInterval(timer);
    },
  };
}
