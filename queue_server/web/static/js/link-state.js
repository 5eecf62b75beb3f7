// Says on the page what live.js says about the line: body[data-link], and the banner 通信確認中 when it is silent.
import { show, text } from "./dom.js";
import { fillTime } from "./format.js";

/**
 * Shows a link state. `asOf` is the time of the board on the screen (ISO); `template` says it in words,
 * for example messages.stale = "{hour}時{minute}分の表示です。". `loud` lists the states that raise the banner
 * (public pages wait for "silent"; a desk says "offline" at once).
 */
export function showLink(state, { asOf, template = "", loud = ["silent"] } = {}) {
  const raised = loud.includes(state);
  document.body.dataset.link = state;
  for (const banner of document.querySelectorAll("[data-link-banner]")) {
    if (asOf) text(banner.querySelector("[data-link-text]"), raised ? fillTime(template, asOf) : "");
    show(banner, raised);
  }
}
