// Stands behind the page of a ticket: shows its notices while no page is open, and keeps its last state for a reload
// without signal. The server puts VERSION and HEADERS before this text; another version replaces this one at once.
/* global VERSION, HEADERS */

const CACHE = `ticket-${VERSION}`;
const PAGE = /^\/t\/[A-Za-z0-9_-]{22}$/;
const ASSET = /^\/(v-[0-9a-f]{12}\/)?(display\/)?static\//;
/** On a bad line a kept page is better than a white one; it goes live by itself once something is heard. */
const PATIENCE_MS = 5_000;
const KEPT_UNTIL = "X-Kept-Until";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(begin()));

/** What an older version kept belongs to its own scripts; a page that is open keeps itself anew. */
async function begin() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("ticket-") && name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

// -- the page without signal ---------------------------------------------------------------------

self.addEventListener("message", (event) => {
  const { keep, forget } = event.data;
  if (forget) event.waitUntil(forgetPage(forget));
  if (keep) event.waitUntil(keepPage(keep));
});

/** Keeps a page as it now is, until its day is over, and what it was made with. */
async function keepPage({ path, html, until, assets }) {
  const cache = await caches.open(CACHE);
  await cache.put(path, new Response(html, { headers: { ...HEADERS, [KEPT_UNTIL]: String(until) } }));
  for (const address of assets) {
    if (await cache.match(address)) continue;
    // The page has just loaded it: this takes it from the browser's own cache, not from the line.
    const answer = await fetch(address, { cache: "force-cache" }).catch(() => null);
    if (answer?.ok) await cache.put(address, answer);
  }
}

async function forgetPage(path) {
  const cache = await caches.open(CACHE);
  await cache.delete(path);
}

/** Deletes the pages whose day is over; the others stay. */
async function forgetOld(cache) {
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (!PAGE.test(pathname)) continue;
    const kept = await cache.match(request);
    if (Number(kept?.headers.get(KEPT_UNTIL)) <= Date.now()) await cache.delete(request);
  }
}

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && PAGE.test(pathname)) event.respondWith(openPage(event, pathname));
  else if (ASSET.test(pathname)) event.respondWith(openAsset(event));
});

/** The page from the server; the kept one when nothing comes. What the server says of its end ends what is kept. */
async function openPage(event, path) {
  const cache = await caches.open(CACHE);
  await forgetOld(cache);
  const kept = await cache.match(path);
  const answer = fetch(event.request);
  if (!kept) return answer;
  event.waitUntil(answer.then(({ status }) => [404, 410].includes(status) && cache.delete(path)).catch(() => {}));
  return firstOf(answer, kept);
}

async function openAsset(event) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(event.request);
  const answer = fetch(event.request);
  if (!kept) return answer;
  event.waitUntil(answer.then((fresh) => fresh.ok && cache.put(event.request, fresh.clone())).catch(() => {}));
  return firstOf(answer.then((fresh) => fresh.clone()), kept);
}

/** What the network answers, or what was kept: when it fails, breaks on the way there, or takes too long. */
async function firstOf(answer, kept) {
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, kept));
  try {
    const first = await Promise.race([answer, patience]);
    return first.status >= 500 ? kept : first;
  } catch {
    return kept;
  }
}

// -- notices -------------------------------------------------------------------------------------

self.addEventListener("push", (event) => {
  const notice = event.data.json();
  const called = notice.kind === "called";
  event.waitUntil(
    self.registration.showNotification(notice.title, {
      body: notice.body,
      lang: notice.lang === "easy" ? "ja" : notice.lang,
      // A ticket has one notice: the call takes the place of the one before it, and is heard again.
      tag: notice.url,
      renotify: true,
      requireInteraction: called,
      vibrate: called ? [600, 300, 600, 300, 600] : [300],
      data: { url: notice.url },
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openTicket(event.notification.data.url));
});

/** The page of the ticket: the one that is open comes to the front. */
async function openTicket(path) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const open = pages.find((page) => new URL(page.url).pathname === path);
  return open ? open.focus() : self.clients.openWindow(path);
}
