// Sends what the supervisor does: once each, answered in words where the eyes are, in the question or below the page.
import { newKey, NoAnswer, sendCommand } from "./command.js";
import { text } from "./dom.js";
import { fill } from "./format.js";

const SLOW_MS = 100;
const PATIENCE_MS = 60_000;

/** A session that ended, a role taken away, a page from before signing in: all are put right by signing in. */
const signedOut = ({ status, data }) => [401, 403].includes(status) || data?.code === "csrf_failed";

/** Says a sentence in the open question, else below the page. `kind`: "", "working" or "problem". */
export function say(sentence, kind = "") {
  const open = document.querySelector("dialog[open] [data-status]");
  for (const line of document.querySelectorAll("[data-status]")) {
    const here = line === (open ?? document.querySelector("[data-answer]"));
    text(line, here ? sentence : "");
    line.dataset.kind = here ? kind : "";
  }
}

/**
 * Makes send(command). `blocked()` says whether commands have to wait; `onBusy(busy)` is told when one is under way;
 * `refresh()` fetches the view that contains what was done; `onSignedOut()` is told that the session ended.
 */
export function sender({ messages, blocked, onBusy, refresh, onSignedOut }) {
  let busy = false;
  /** The command that got no answer: sent again by hand it is still the same one. */
  let unanswered = { intent: "", key: "" };

  /**
   * Sends {path, body, label (of the ticket it is about)}; gives {ok, data, sentence, errors}: `data` of the answer, the
   * `sentence` that says what is wrong, `errors` [{field, message}]. Null when nothing was sent or nobody answered, which
   * has been said already.
   */
  async function send({ path, body = {}, label = "" }) {
    if (busy) return null;
    if (blocked()) {
      say(messages.not_now, "problem");
      return null;
    }
    busy = true;
    onBusy(true);
    say("");
    const slow = setTimeout(() => say(messages.working, "working"), SLOW_MS);
    const intent = JSON.stringify([path, body]);
    const key = unanswered.intent === intent ? unanswered.key : newKey();
    unanswered = { intent: "", key: "" };
    try {
      const onRetry = () => say(messages.waiting_for_answer, "working");
      const answer = await sendCommand(path, body, { key, patience: PATIENCE_MS, onRetry });
      clearTimeout(slow);
      say("");
      return read(answer, label);
    } catch (error) {
      clearTimeout(slow);
      if (error instanceof NoAnswer) unanswered = { intent, key };
      else console.error(error);
      say(error instanceof NoAnswer ? messages.no_answer : messages.failed, "problem");
      return null;
    } finally {
      await refresh();
      busy = false;
      onBusy(false);
    }
  }

  function read(answer, label) {
    const { status, data } = answer;
    if (status < 300) return { ok: true, data, sentence: "", errors: [] };
    if (signedOut(answer)) {
      onSignedOut();
      return null;
    }
    const refusal = { label, message: data?.message, state: messages[`state_${data?.state}`] };
    const sentence = data?.state && label ? fill(messages.refused, refusal) : (data?.message ?? messages.failed);
    return { ok: false, data, sentence, errors: data?.errors ?? [] };
  }

  return { send, busy: () => busy };
}
