// Starts a page's own script after the page has been painted: on a slow line its words come before its updates.
const own = document.querySelector("script[data-later]").dataset.later;
const painted = () => performance.getEntriesByName("first-contentful-paint").length > 0;
let started = false;

function start() {
  if (started) return;
  started = true;
  import(own).then(() => {
    document.documentElement.dataset.started = "";
  });
}

if (painted()) {
  start();
} else {
  new PerformanceObserver((_list, observer) => {
    observer.disconnect();
    start();
  }).observe({ type: "paint", buffered: true });
  // A page in the background is not painted; it keeps itself up to date all the same.
  addEventListener("load", () => setTimeout(start, 2000));
}
