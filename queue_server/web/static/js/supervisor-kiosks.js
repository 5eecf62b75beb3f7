// The kiosks: paper, printer, line, and what they gave out by themselves.
import { el, field, show, syncChildren, text } from "./dom.js";
import { clockText, fill } from "./format.js";
import { kioskState, kioskTroubles } from "./kiosk-states.js";

function makeKiosk(kiosk) {
  return el(
    "li",
    { class: "kiosk" },
    el("span", { class: "kiosk__name", text: kiosk.name }),
    el("span", { class: "state", dataset: { field: "state" } }),
    el("span", { class: "kiosk__since number", dataset: { field: "since" } }),
    el("span", { class: "kiosk__more number", dataset: { field: "more" } }),
  );
}

function moreText({ waiting, left }, messages) {
  const waits = waiting > 0 && fill(messages.kiosk_waiting, { count: waiting });
  const numbers = left && Object.values(left).reduce((sum, count) => sum + count, 0);
  const rest = left && fill(messages.kiosk_left, { numbers: fill(messages.count, { count: numbers }) });
  return [waits, rest].filter(Boolean).join(messages.separator);
}

/** Shows every kiosk of the profile; the part is not there where it names none. */
export function showKiosks(view, messages) {
  show(document.querySelector('[data-part="kiosks"]'), view.kiosks.length > 0);
  syncChildren(document.querySelector('[data-list="kiosks"]'), view.kiosks, {
    key: (kiosk) => kiosk.id,
    make: makeKiosk,
    update(node, kiosk) {
      const badge = field(node, "state");
      const troubles = kioskTroubles(kiosk);
      const words = (troubles.length ? troubles : [kioskState(kiosk)]).map((key) => messages[`kiosk_${key}`]);
      badge.dataset.state = troubles.length ? "trouble" : "";
      text(badge, words.join(messages.separator));
      // The time is that of the printer and the line.
      text(field(node, "since"), kiosk.since && troubles.some((key) => key !== "disk") ? fill(messages.kiosk_since, { time: clockText(kiosk.since) }) : "");
      text(field(node, "more"), moreText(kiosk, messages));
    },
  });
}
