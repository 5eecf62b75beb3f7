// A form is sent once: a second press while the first is on its way does nothing. Coming back to the page frees it.
const sent = new WeakSet();

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-once]")) return;
  if (sent.has(event.target)) event.preventDefault();
  sent.add(event.target);
});

addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
