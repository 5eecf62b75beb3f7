// One screen at a time.
import { show } from "../../../static/js/dom.js";

/** A hand that touches twice must not hit what the first touch brought up: a new screen takes no touch for so long. */
const SETTLE_MS = 400;

let settling = 0;

/** The name of the screen that is shown. */
export const currentScreen = () => document.body.dataset.screen ?? "idle";

/** Shows a screen and moves the focus to its title, so that it is read out and the keyboard starts at its top. */
export function showScreen(name) {
  if (name === document.body.dataset.screen) return;
  document.body.dataset.screen = name;
  document.body.dataset.settling = "";
  clearTimeout(settling);
  settling = setTimeout(() => delete document.body.dataset.settling, SETTLE_MS);
  for (const screen of document.querySelectorAll("section[data-screen]")) show(screen, screen.dataset.screen === name);
  window.scrollTo(0, 0);
  document.querySelector(`section[data-screen="${CSS.escape(name)}"] h1`)?.focus({ preventScroll: true });
}
