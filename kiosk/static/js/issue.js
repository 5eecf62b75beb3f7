// One intent, one ticket: however often the answer is lost or the button is touched.
import { newKey, NoAnswer, sendCommand } from "../../../static/js/command.js";

/** Refusals of one service: another one may still have numbers. */
const ELSEWHERE = ["service_paused", "service_ended"];

const PATIENCE_MS = 20_000;
const KEPT = "kiosk-intent";
/** A page that was loaded anew asks for the number of the touch before, unless that touch is older than this. */
const STILL_HERE_MS = 30_000;

let intent = null;

function keep(value) {
  intent = value;
  if (value) sessionStorage.setItem(KEPT, JSON.stringify({ ...value, at: Date.now() }));
  else sessionStorage.removeItem(KEPT);
}

/** Forgets the intent: the next touch is another person's wish. */
export function forgetIntent() {
  keep(null);
}

/** The service that was wished for when the page was loaded anew in the middle of it; null for none. */
export function interruptedIntent() {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  if (!kept || Date.now() - kept.at > STILL_HERE_MS) return null;
  intent = { service: kept.service, key: kept.key };
  return intent.service;
}

/**
 * Asks for a number of `service`. Asking again for the same service, after no answer came, is the same intent: the
 * server then gives the number it may already have issued. Returns {ticket} or {problem, hint, again, reload}.
 */
export async function takeNumber(site, service, messages, onRetry) {
  if (intent?.service !== service) keep({ service, key: newKey() });
  try {
    const path = `/api/sites/${encodeURIComponent(site)}/tickets`;
    const { status, data } = await sendCommand(path, { service }, { key: intent.key, patience: PATIENCE_MS, onRetry });
    if (status === 201) {
      keep(null);
      return { ticket: data };
    }
    return problemOf(status, data, messages);
  } catch (error) {
    if (error instanceof NoAnswer) return { problem: messages.no_answer, hint: messages.no_answer_hint, again: true };
    console.error(error);
    return { problem: messages.failed, hint: messages.ask_staff, reload: true };
  }
}

function problemOf(status, data, messages) {
  if (status === 503) return { problem: messages.storage, hint: messages.ask_staff, again: true };
  if (status >= 500) return { problem: messages.failed, hint: messages.no_answer_hint, again: true };
  if (status === 401 || status === 403 || data?.code === "csrf_failed") {
    return { problem: messages.not_enrolled, hint: messages.ask_staff, reload: true };
  }
  if (status === 409) return { problem: data.message, hint: ELSEWHERE.includes(data.code) ? messages.choose_other : "" };
  // The page offers what the server does not know: it is older than the server's profile.
  return { problem: messages.failed, hint: messages.ask_staff, reload: true };
}
