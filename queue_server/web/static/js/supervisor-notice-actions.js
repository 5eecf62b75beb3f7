// Posting a notice, until a time or until it is withdrawn, and withdrawing it.
import { field, text } from "./dom.js";
import { fill } from "./format.js";
import { hallTime } from "./supervisor-state.js";

const DRAFT = "supervisor.notice";
const LONGEST = 200;

/** The control in which the end of the notice is typed, by the choice of how long it stands. */
const END = { today: "time", day: "day" };

function prepare(form, view, messages) {
  const { text: sentence, time, day, how } = form.elements;
  const showLeft = () => text(field(form, "left"), fill(messages.notice_left, { count: LONGEST - sentence.value.length }));
  sentence.value = sessionStorage.getItem(DRAFT) ?? "";
  sentence.oninput = () => {
    // A notice is one line on the boards.
    if (/[\r\n]/.test(sentence.value)) sentence.value = sentence.value.replace(/[\r\n]+/g, " ");
    showLeft();
  };
  time.value = view.status.closes ? view.status.closes.slice(11, 16) : "";
  // Whoever fills in a time means that choice.
  time.oninput = () => (how.value = "today");
  day.oninput = () => (how.value = "day");
  showLeft();
}

/** What is missing, by the name of its control. */
function missing({ text: sentence, how, time, day }, messages) {
  return {
    ...(!sentence.value.trim() && { text: messages.text_missing }),
    ...(how.value === "today" && !time.value && { time: messages.time_missing }),
    ...(how.value === "day" && !day.value && { day: messages.datetime_missing }),
  };
}

/** The actions by the name that their buttons carry; see supervisor-hall-actions.js. */
export function noticeActions({ view, commands, ask, submit, messages }) {
  return {
    "post-notice"() {
      ask("notice", {
        title: messages.notice_title,
        prepare: (form) => prepare(form, view(), messages),
        submit({ elements }) {
          const wrong = missing(elements, messages);
          if (Object.keys(wrong).length) return { wrong };
          const end = END[elements.how.value];
          const until = end ? hallTime(view(), elements[end].value) : null;
          // Whoever has to sign in again first finds the sentence here.
          sessionStorage.setItem(DRAFT, elements.text.value);
          const done = () => {
            sessionStorage.removeItem(DRAFT);
            return messages.posted;
          };
          return submit(commands.postNotice(elements.text.value, until), done, { text: "text", until: end, "*": end });
        },
      });
    },

    withdraw({ notice }) {
      const found = view().notices.find((each) => each.id === notice);
      if (!found) return;
      ask("withdraw", {
        title: messages.withdraw_title,
        prepare: (form) => text(field(form, "text"), found.text),
        submit: () => submit(commands.withdraw(notice), () => messages.withdrawn),
      });
    },
  };
}
