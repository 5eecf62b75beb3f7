// Shows the notices of a ticket while its page is closed or asleep. It keeps nothing and answers no requests.

self.addEventListener("install", () => self.skipWaiting());

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
