// A screen runs for months: it says that it is alive, and loads itself anew when it must.

const ALIVE_MS = 20_000;
const STUCK_MS = 5 * 60_000;
const AGE_MS = 20 * 3_600_000;
const ERRORS = "board-errors";
const LONGEST_ERROR_PAUSE_MS = 10 * 60_000;

/** 16 hex digits that tell this page from the others that show the same screen. */
const makeKey = () => Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * Says every 20 s that the page is alive. It is loaded anew when the server has other things for it (another key), when
 * nothing was heard for five minutes though the server answers, and once a night: `quiet()` tells a moment without calls,
 * `closed()` a closed hall, `quietFor()` the milliseconds since a board was last heard of.
 */
export function stayAlive({ site, screen, quiet, closed, quietFor, reload = () => location.reload() }) {
  const page = makeKey();
  const begun = performance.now();
  const address = `/board/${encodeURIComponent(site)}/${encodeURIComponent(screen.id)}/alive`;

  async function beat() {
    let answer;
    try {
      answer = await fetch(address, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ page }),
        cache: "no-store",
        signal: AbortSignal.timeout(ALIVE_MS / 2),
      });
      if (!answer.ok) return;
    } catch {
      return;
    }
    const { key } = await answer.json();
    if (key !== screen.key && quiet()) reload();
    else if (quietFor() > STUCK_MS) reload();
    else if (performance.now() - begun > AGE_MS && closed()) reload();
  }

  setInterval(beat, ALIVE_MS);
  beat();
}

/** After an error of the page itself it is loaded anew; the pause grows while errors come again and again. */
export function healErrors(reload = () => location.reload()) {
  let healing = false;
  const heal = () => {
    if (healing) return;
    healing = true;
    const before = Number(sessionStorage.getItem(ERRORS) ?? 0);
    sessionStorage.setItem(ERRORS, String(before + 1));
    setTimeout(reload, Math.min(5_000 * 2 ** before, LONGEST_ERROR_PAUSE_MS));
  };
  window.addEventListener("error", heal);
  window.addEventListener("unhandledrejection", heal);
  setTimeout(() => sessionStorage.removeItem(ERRORS), STUCK_MS);
}
