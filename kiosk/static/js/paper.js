// Paper: the slip of a number, once; the same slip again; a list of what to bring.
import { newKey, NoAnswer, sendCommand } from "../../../static/js/command.js";

const PATIENCE_MS = 15_000;

async function print(path, body, key) {
  const query = new URLSearchParams(location.search).get("lang");
  const address = `${location.pathname}/${path}${query ? `?lang=${encodeURIComponent(query)}` : ""}`;
  try {
    const { status, data } = await sendCommand(address, body, { key, patience: PATIENCE_MS });
    return status === 200 ? data : { printed: false, state: "error" };
  } catch (error) {
    if (!(error instanceof NoAnswer)) console.error(error);
    return { printed: null, state: "unknown" };
  }
}

/** Prints the slip of a ticket; however often it is asked for, it comes out once. {printed, state}. */
export const printSlip = ({ id, token }) => print("slips", { token }, `slip-${id}`);

/** Prints it once more; each touch is a copy of its own. */
export const printAgain = ({ token }) => print("reprints", { token }, newKey());

/** Prints what somebody has to bring. */
export const printList = (chosen) => print("lists", chosen, newKey());

/** What to say of a result; "" for a kiosk that has no printer. */
export function paperWords({ printed, state }, messages, printer) {
  if (!printer) return "";
  if (printed) return messages.paper_printed;
  return messages[`paper_${state ?? "none"}`] ?? messages.paper_error;
}
