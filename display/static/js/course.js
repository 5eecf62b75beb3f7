// Today by hour, kept up to date: asked for again after calls, a minute apart at the least, never from a hidden page.

const LEAST_MS = 60_000;
const TIMEOUT_MS = 8_000;

/** About `ms` and never less, so that a thousand phones do not ask in the same second after a call. */
const jitter = (ms) => ms * (1 + Math.random() / 2);

const callsOf = (board) => Math.max(0, ...board.calls.map((call) => call.call_seq));

/** Keeps the drawing of the page at what `board` says of calls. Returns {changed(board)}, to be told of each newer one. */
export function keepCourse(board) {
  const address = document.querySelector("[data-course]")?.dataset.course;
  if (!address) return { changed: () => {} };
  let shown = callsOf(board);
  let wanted = shown;
  let timer = 0;

  function schedule() {
    if (!timer && wanted !== shown && !document.hidden) timer = setTimeout(ask, jitter(LEAST_MS));
  }

  async function ask() {
    const asked = wanted;
    try {
      const answer = await fetch(address, { cache: "no-cache", signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (!answer.ok) throw new Error(String(answer.status));
      put(await answer.text());
      shown = asked;
    } catch {
      // The next minute tries again; the page still says of when its drawing is.
    }
    timer = 0;
    schedule();
  }

  document.addEventListener("visibilitychange", schedule);
  return {
    changed(next) {
      // A board names the last calls only: none of them left is a change as well.
      wanted = callsOf(next);
      schedule();
    },
  };
}

/** Puts the piece in the place of the one on the page; numbers that were opened stay open, and the focus stays. */
function put(html) {
  const old = document.querySelector("[data-course]");
  const next = new DOMParser().parseFromString(html, "text/html").querySelector("[data-course]");
  if (!next) return;
  const numbers = next.querySelector("details");
  if (numbers) numbers.open = Boolean(old.querySelector("details")?.open);
  const focused = old.contains(document.activeElement);
  old.replaceWith(next);
  if (focused) next.querySelector("summary")?.focus();
}
