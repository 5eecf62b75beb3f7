// How an action becomes a command: at once or after a question, with what came of it in words.
import { askForm } from "./supervisor-dialogs.js";

/** Refusals that concern what was typed; `names` gives its control under "*". */
const OF_THE_FIELD = ["time_is_past", "after_day_end", "no_service"];

/** What is wrong, from a refusal: at the controls that `names` gives for the API's fields, else in words. */
function wrongOf(result, names) {
  if (!result) return null;
  const { data, sentence, errors } = result;
  if (!errors.length) return { wrong: { [(OF_THE_FIELD.includes(data?.code) && names["*"]) || ""]: sentence } };
  const nameOf = ({ field }) => names[field.split(".")[0]] ?? field;
  return { wrong: Object.fromEntries(errors.map((each) => [nameOf(each), each.message])) };
}

/**
 * Makes the tools of all actions from `send` and `say` of supervisor-send.js:
 * ask(name, options) asks the question `name`, see supervisor-dialogs.js; go(command, done) sends at once and says what
 * came of it; submit(command, done, names) sends what a question asked for. `done(data)` gives the sentence for an answer;
 * `names` is {field of the API: name of its control}.
 */
export const askingTools = ({ send, say }) => ({
  ask: (name, options) => askForm(name, { say, ...options }),

  async go(command, done) {
    const result = await send(command);
    if (result) say(result.ok ? done(result.data) : result.sentence, result.ok ? "" : "problem");
  },

  async submit(command, done, names = {}) {
    const result = await send(command);
    return result?.ok ? { done: done(result.data) } : wrongOf(result, names);
  },
});
