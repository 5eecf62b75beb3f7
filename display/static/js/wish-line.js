// Being told on LINE: a code from the server, which the holder writes to the city's account.
import { show, text } from "../../../static/js/dom.js";
import { fillTime } from "../../../static/js/format.js";
import { instead, send } from "./wishes.js";

/** Offers LINE where the server has it. `told(ways)` hears from the ticket whether an account was linked meanwhile. */
export function offerLine(address, messages, wish) {
  const part = document.querySelector("[data-line]");
  if (!part) return { changed: () => {}, told: () => {} };
  const code = part.querySelector("[data-line-code]");
  let on = !part.querySelector("[data-line-on]").hidden;

  function told(ways) {
    on = ways.includes("line");
    show(part.querySelector("[data-line-form]"), !on);
    show(part.querySelector("[data-line-on]"), on);
  }

  async function ask() {
    const made = await send(`${address}/line`, wish());
    text(part.querySelector("[data-line-problem]"), made ? "" : messages.wish_failed);
    if (!made || on) return;
    text(part.querySelector("[data-line-text]"), made.code);
    text(part.querySelector("[data-line-until]"), fillTime(messages.line_until, made.expires_at));
    part.querySelector("[data-line-link]").href = made.link;
    show(code, true);
  }

  async function stop() {
    if (!(await send(`${address}/line/stop`, {}))) return;
    show(code, false);
    told([]);
  }

  instead(part.querySelector("[data-line-begin]"), ask);
  instead(part.querySelector("[data-line-stop]"), stop);
  return { changed: () => on && ask(), told };
}
