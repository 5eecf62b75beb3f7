// A press: shown at once, sent once, answered in words. While one is under way no other begins.
import { NoAnswer, sendCommand } from "./command.js";
import { text } from "./dom.js";
import { fill } from "./format.js";

const SLOW_MS = 100;
/** The second half of a double click or of a shaking hand: the same press is not taken again for so long. */
const TWICE_MS = 600;
const PATIENCE_MS = 60_000;

/** A session that ended, a role taken away, a page from before signing in: all are put right by signing in. */
const signedOut = ({ status, data }) => [401, 403].includes(status) || data?.code === "csrf_failed";

/**
 * Makes {press, say}. `blocked()` says whether presses have to wait; `onBusy(name)` is told the button under way, null
 * afterwards; `refresh()` fetches the view that contains what was done; `onSignedOut()` is told that the session ended.
 */
export function presser({ messages, blocked, onBusy, refresh, onSignedOut }) {
  const line = document.querySelector("[data-status]");
  let underWay = null;
  let last = { meaning: null, at: 0 };

  function say(sentence, kind = "") {
    text(line, sentence);
    line.dataset.kind = kind;
  }

  /**
   * Sends the command of the button `name`: {path, body, label (of the ticket it is about), done(data) -> sentence,
   * problem(sentence), asks (codes of refusals that the caller turns into a question)}. A press while another is under
   * way does nothing, nor does the same press twice: one that asks for the same, or for what `meaning` says. Gives the
   * answer {status, data}, or null where there is none.
   */
  async function press(name, command, meaning = JSON.stringify([command.path, command.body])) {
    const twice = last.meaning === meaning && Date.now() - last.at < TWICE_MS;
    if (underWay || twice || blocked()) return null;
    let answer = null;
    last = { meaning, at: Date.now() };
    underWay = name;
    onBusy(name);
    say("");
    const slow = setTimeout(() => say(messages.working, "working"), SLOW_MS);
    try {
      const onRetry = () => say(messages.waiting_for_answer, "working");
      answer = await sendCommand(command.path, command.body ?? {}, { patience: PATIENCE_MS, onRetry });
      clearTimeout(slow);
      report(answer, command);
    } catch (error) {
      clearTimeout(slow);
      if (!(error instanceof NoAnswer)) console.error(error);
      say(error instanceof NoAnswer ? messages.no_answer : messages.failed, "problem");
    }
    await refresh();
    underWay = null;
    onBusy(null);
    return answer;
  }

  function report(answer, { label, done, problem, asks = [] }) {
    const { status, data } = answer;
    say("");
    if (status < 300) return say(done(data));
    // What was refused did nothing; pressing it again is meant.
    last = { meaning: null, at: 0 };
    if (asks.includes(data?.code)) return;
    if (signedOut(answer)) return onSignedOut();
    const refusal = { label, message: data?.message, state: messages[`state_${data?.state}`] };
    const sentence = data?.state && label ? fill(messages.refused, refusal) : (data?.message ?? messages.failed);
    return problem ? problem(sentence) : say(sentence, "problem");
  }

  return { press, say };
}
