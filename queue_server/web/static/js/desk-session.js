// Notices that the person's session ended while the page stood open.
import { show } from "./dom.js";

const BEHIND_MS = 3_000;

/**
 * Watches the session of a desk of `site`; `version()` is that of the desk view on the page, `onEnd()` is told when the
 * session is known to have ended. The public board goes on then, the staff's view does not: so `heardBoard(version)` has
 * the server asked when the view stays behind.
 */
export function watchSession({ site, version, onEnd }) {
  let over = false;

  function end() {
    over = true;
    show(document.querySelector('[data-part="session"]'), true);
    onEnd();
  }

  async function check() {
    try {
      const answer = await fetch(`/api/sites/${encodeURIComponent(site)}/desk`, { cache: "no-store" });
      if (answer.status === 401 || answer.status === 403) end();
    } catch {
      // The line is down: that is said elsewhere.
    }
  }

  return {
    end,
    ended: () => over,
    heardBoard(heard) {
      if (heard > version()) setTimeout(() => heard > version() && check(), BEHIND_MS);
    },
  };
}
