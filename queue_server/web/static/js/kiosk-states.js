// What kiosks report, in words: who needs paper, who is cut off.
import { fill } from "./format.js";

const TROUBLES = ["paper_low", "paper_out", "cover_open", "off", "error"];

/** The key of a kiosk's state: of its printer, or that nothing is heard of it. */
export function kioskState({ heard, silent, printer }) {
  if (!heard) return "unheard";
  if (silent) return "silent";
  return printer ?? "no_printer";
}

/** Whether somebody has to go there. */
export const inTrouble = (kiosk) => ["silent", ...TROUBLES].includes(kioskState(kiosk));

/** The kiosks that somebody has to go to, a sentence each. */
export function kioskNews(view, messages) {
  return view.kiosks
    .filter(inTrouble)
    .map((kiosk) => fill(messages.kiosk_news, { name: kiosk.name, state: messages[`kiosk_${kioskState(kiosk)}`] }));
}

/** The same in the form of alerts, beside those of the services. */
export function kioskAlerts(view) {
  return view.kiosks
    .filter(inTrouble)
    .map((kiosk) => ({ service: `kiosk:${kiosk.id}`, service_name: kiosk.name, kind: `kiosk_${kioskState(kiosk)}` }));
}
