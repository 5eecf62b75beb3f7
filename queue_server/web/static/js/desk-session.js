// Notices that the person's session ended while the page stood open.

const BEHIND_MS = 3_000;
const AGAIN_MS = 60_000;
const MINUTE_MS = 60_000;
/** The server notes a deed a little later than the page. */
const LATER_MS = 2_000;

/**
 * Watches the session of a desk of `site`. `onEnd(why)` is told once when it is known to have ended: "press" (a press
 * was refused for it), "idle" (nobody did anything for `idleMinutes`), "over". `version()` is that of the desk view on
 * the page: the public board goes on when a session ends, the staff's view does not, so `heardBoard(version)` has the
 * server asked when the view stays behind. Returns {end(why), ended(), deed(), heardBoard(version)}; `deed()` notes that
 * the person did something.
 */
export function watchSession({ site, version = () => Infinity, idleMinutes = null, onEnd }) {
  const idleMs = (idleMinutes ?? Infinity) * MINUTE_MS;
  let over = false;
  let idleTimer = 0;
  let lastDeed = Date.now();

  function end(why = "over") {
    if (over) return;
    over = true;
    clearTimeout(idleTimer);
    onEnd(why === "over" && Date.now() - lastDeed > idleMs - LATER_MS ? "idle" : why);
  }

  async function ask() {
    try {
      const answer = await fetch(`/api/sites/${encodeURIComponent(site)}/desk`, { cache: "no-store" });
      if (answer.status === 401 || answer.status === 403) end();
    } catch {
      // The line is down: that is said elsewhere.
    }
  }

  /** After the idle time; again and again, because another page of this browser may have kept the session alive. */
  async function askWhenIdle() {
    await ask();
    if (!over) idleTimer = setTimeout(askWhenIdle, AGAIN_MS);
  }

  function deed() {
    lastDeed = Date.now();
    clearTimeout(idleTimer);
    if (idleMinutes) idleTimer = setTimeout(askWhenIdle, idleMs + LATER_MS);
  }

  deed();
  return {
    end,
    deed,
    ended: () => over,
    heardBoard(heard) {
      if (heard > version()) setTimeout(() => heard > version() && ask(), BEHIND_MS);
    },
  };
}
