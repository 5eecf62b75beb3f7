// Has the worker keep the page as it now is, so that a reload without signal shows the last known state.

const WORKER = "/t/worker.js";
export const SCOPE = "/t/";
/** A page on a slow line has its socket first. */
const REGISTER_AFTER_MS = 4_000;
const KEEP_EVERY_MS = 10_000;

/** The worker of all tickets on this phone; rejects where a browser has none. */
export const registerWorker = () => navigator.serviceWorker.register(WORKER, { scope: SCOPE });

/** Until when (ms) this page was kept, if it came out of the worker's hands without an answer of the server; else 0. */
export const keptUntil = () => Number(document.documentElement.dataset.kept ?? 0);

/** When (ms, by this phone's clock) the day of a ticket ends; its board has just been heard. */
export const endOfDay = (ticket, board) => Date.now() + Date.parse(`${ticket.business_day}T24:00:00+09:00`) - Date.parse(board.as_of);

/**
 * Keeps the page while `state()` gives {board, ticket, until, title}: the newest of both, when (ms) the day ends, the page's own title. Null: the
 * ticket has ended, and nothing of it is kept any more. Returns {changed()}, to be told of each newer state.
 */
export function keepPage(state) {
  if (!("serviceWorker" in navigator)) return { changed: () => {} };
  let timer = 0;
  let last = -Infinity;

  function tell(message) {
    navigator.serviceWorker.getRegistration(SCOPE).then((registration) => registration?.active?.postMessage(message));
  }

  function keep() {
    clearTimeout(timer);
    timer = 0;
    last = performance.now();
    const now = state();
    if (!now) return tell({ forget: location.pathname });
    tell({ keep: { path: location.pathname, html: pageWith(now), until: now.until, assets: assets() } });
  }

  function changed() {
    if (!state()) return keep();
    timer ||= setTimeout(keep, Math.max(0, last + KEEP_EVERY_MS - performance.now()));
  }

  if (!state()) {
    keep();
  } else {
    setTimeout(() => {
      if (state()) registerWorker().then(() => navigator.serviceWorker.ready).then(keep, () => {});
    }, REGISTER_AFTER_MS);
  }
  // A newer worker begins with nothing.
  navigator.serviceWorker.addEventListener("controllerchange", () => keep());
  addEventListener("pagehide", () => timer && keep());
  return { changed };
}

/** The page as it came, with the newest board and ticket in it, and without what is only for this moment. */
function pageWith({ board, ticket, until, title }) {
  const page = document.documentElement.cloneNode(true);
  page.dataset.kept = until;
  page.querySelector("title").textContent = title;
  for (const [id, value] of Object.entries({ board, ticket })) {
    page.querySelector(`script#${id}`).textContent = JSON.stringify(value).replace(/[<>&]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
  }
  const code = page.querySelector("[data-line-code]");
  if (code) {
    code.hidden = true;
    code.querySelector("[data-line-text]").textContent = "";
    code.querySelector("[data-line-link]").removeAttribute("href");
  }
  for (const opened of page.querySelectorAll("[data-leave-question], .tongues")) opened.removeAttribute("open");
  return `<!doctype html>\n${page.outerHTML}`;
}

/** The addresses of this server that the page was made with. */
function assets() {
  const loaded = performance.getEntriesByType("resource").map(({ name }) => new URL(name));
  return loaded.filter((url) => url.origin === location.origin && url.pathname.includes("/static/")).map((url) => url.href);
}
