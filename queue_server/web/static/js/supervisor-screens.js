// The hall's screens: which of them are alive, and since when.
import { el, field, show, syncChildren, text } from "./dom.js";
import { clockText, fill } from "./format.js";

function stateText({ heard, silent, since, heard_at: heardAt }, messages) {
  if (!heard) return messages.screen_unheard;
  if (silent) return fill(messages.screen_silent, { time: clockText(heardAt) });
  return fill(messages.screen_alive, { time: clockText(since) });
}

/** Shows every screen of the profile. */
export function showScreens(view, messages) {
  show(document.querySelector('[data-part="screens"]'), view.screens.length > 0);
  syncChildren(document.querySelector('[data-list="screens"]'), view.screens, {
    key: (screen) => screen.id,
    make: (screen) =>
      el(
        "li",
        { class: "kiosk" },
        el("span", { class: "kiosk__name", text: screen.name }),
        el("span", { class: "state", dataset: { field: "state" } }),
        el("span", { class: "kiosk__since number", dataset: { field: "pages" } }),
      ),
    update(node, screen) {
      const badge = field(node, "state");
      badge.dataset.state = screen.silent ? "trouble" : "";
      text(badge, stateText(screen, messages));
      text(field(node, "pages"), screen.pages > 1 ? fill(messages.screen_pages, { count: screen.pages }) : "");
    },
  });
}
