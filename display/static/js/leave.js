// Leaving the line: a question first, then one command that is done once, however often it has to be sent.
import { show, text } from "../../../static/js/dom.js";
import { newKey, NoAnswer, sendCommand } from "../../../static/js/command.js";

/** Lets the holder give the number up. `onLeft(ticket)` gets its last state, `onRefused()` hears that it was called meanwhile. */
export function offerLeaving(path, messages, { onLeft, onRefused }) {
  const button = document.querySelector("[data-leave]");
  const question = document.querySelector("[data-leave-question]");
  const problem = question.querySelector('[data-part="leave-problem"]');
  const yes = question.querySelector("[data-leave-yes]");
  if (typeof question.showModal !== "function") return { close: () => {} };
  // One wish, one key: a second try after a lost answer is the same command.
  let key = null;

  function say(sentence) {
    text(problem, sentence);
    show(problem, sentence);
  }

  async function leave() {
    yes.disabled = true;
    say("");
    try {
      const { status, data } = await sendCommand(path, {}, { key: (key ??= newKey()) });
      if (status === 200) {
        question.close();
        onLeft(data);
      } else {
        key = null;
        say(status === 409 ? messages.leave_refused : data.message);
        onRefused();
      }
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      say(messages.leave_unsent);
    } finally {
      yes.disabled = false;
    }
  }

  // Without this script the button leads to a page that asks the same.
  button.addEventListener("click", (event) => {
    event.preventDefault();
    say("");
    question.showModal();
  });
  question.querySelector("[data-stay]").addEventListener("click", () => question.close());
  yes.addEventListener("click", leave);
  return { close: () => question.open && question.close() };
}
