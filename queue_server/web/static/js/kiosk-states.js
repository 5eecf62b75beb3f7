// What kiosks report, in words: who needs paper, who is cut off.
import { fill } from "./format.js";

const TROUBLES = ["paper_low", "paper_out", "cover_open", "off", "error"];

/** The key of a kiosk's state: of its printer, or that nothing is heard of it. */
export function kioskState({ heard, silent, printer }) {
  if (!heard) return "unheard";
  if (silent) return "silent";
  return printer ?? "no_printer";
}

/** The keys of that for which somebody has to go there: paper, printer or line, and the disk. */
export function kioskTroubles(kiosk) {
  const state = kioskState(kiosk);
  const troubles = ["silent", ...TROUBLES].includes(state) ? [state] : [];
  return kiosk.heard && !kiosk.silent && !kiosk.recording ? [...troubles, "disk"] : troubles;
}

/** Every kiosk with each of its troubles. */
const troubled = (view) => view.kiosks.flatMap((kiosk) => kioskTroubles(kiosk).map((trouble) => ({ kiosk, trouble })));

/** The kiosks that somebody has to go to, a sentence each. */
export function kioskNews(view, messages) {
  return troubled(view).map(({ kiosk, trouble }) =>
    fill(messages.kiosk_news, { name: kiosk.name, state: messages[`kiosk_${trouble}`] }),
  );
}

/** The same in the form of alerts, beside those of the services. */
export function kioskAlerts(view) {
  return troubled(view).map(({ kiosk, trouble }) => ({
    service: `kiosk:${kiosk.id}`,
    service_name: kiosk.name,
    kind: `kiosk_${trouble}`,
  }));
}
