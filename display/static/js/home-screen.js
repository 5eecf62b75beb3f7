// An iPhone has Web Push only for pages on its home screen (iOS 16.4): says how one gets there.
import { show } from "../../../static/js/dom.js";

/** Shows the part to who needs it, where there are no notices: an iPhone or iPad, in the browser and not from the home screen. */
export function offerHomeScreen() {
  const part = document.querySelector("[data-home-screen]");
  // An iPad says that it is a Macintosh; no Macintosh has a touch screen.
  const apple = /iPhone|iPad|iPod/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
  const standalone = navigator.standalone === true || matchMedia("(display-mode: standalone)").matches;
  show(part, apple && !standalone);
}
