// What is done about numbers being given out: services and the reception.
import { clockText, fill } from "./format.js";

/**
 * The actions by the name that their buttons carry; each gets the button's dataset. `view()` is the newest view,
 * `commands` those of supervisor-commands.js, `ask`, `go` and `submit` those of supervisor-asking.js.
 */
export function hallActions({ view, commands, ask, go, submit, messages }) {
  return {
    pause({ service }) {
      const found = view().services.find((each) => each.id === service);
      ask("pause", {
        title: fill(messages.pause_title, found),
        prepare: (form) => (form.elements.until.value = found.paused ? "today" : "while"),
        submit(form) {
          const forToday = form.elements.until.value === "today";
          const done = ({ service: after }) => fill(after.ended_today ? messages.ended_today : messages.paused, after);
          return submit(commands.pause(service, forToday), done);
        },
      });
    },

    resume: ({ service }) => go(commands.resume(service), ({ service: after }) => fill(messages.resumed, after)),

    "reception-close"() {
      ask("reception-close", {
        title: messages.close_reception_title,
        submit(form) {
          const command = commands.closeReception(form.elements.reason.value);
          return submit(command, () => messages.reception_closed, { reason: "reason" });
        },
      });
    },

    "reception-open"() {
      const { status } = view();
      ask("reception-open", {
        title: messages.open_title,
        prepare: (form) => (form.elements.until.value = status.open && status.closes ? status.closes.slice(11, 16) : ""),
        submit(form) {
          const until = form.elements.until.value;
          if (!until) return { wrong: { until: messages.time_missing } };
          const done = ({ status: after }) => fill(messages.reception_opened, { time: clockText(after.closes) });
          return submit(commands.openReception(until), done, { until: "until", "*": "until" });
        },
      });
    },

    "reception-reset"() {
      ask("reception-reset", {
        title: messages.reset_title,
        submit: () => submit(commands.resetReception(), () => messages.reception_reset),
      });
    },
  };
}
