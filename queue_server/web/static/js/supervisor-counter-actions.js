// What is done about a counter from elsewhere: open it for its clerk, close it, say what it serves today.
import { el, syncChildren } from "./dom.js";
import { fill } from "./format.js";
import { inUsualOrder } from "./supervisor-state.js";

/** The actions by the name that their buttons carry; see supervisor-hall-actions.js. */
export function counterActions({ view, commands, ask, go, submit, messages }) {
  const counterOf = ({ counter }) => view().counters.find((each) => each.id === counter);
  const said = (template) => ({ counter }) => fill(template, counter);

  /** What somebody should know before closing a counter. */
  function factsOf(counter) {
    const ticket = view().tickets.find((each) => each.id === counter.ticket);
    const state = messages[`state_${ticket?.state}`];
    return [
      counter.clerk && fill(messages.close_counter_clerk, counter),
      ticket && fill(messages.close_counter_ticket, { label: ticket.label, state }),
    ].filter(Boolean);
  }

  return {
    "open-counter": ({ counter }) => go(commands.openCounter(counter), said(messages.opened)),

    "close-counter"(dataset) {
      const counter = counterOf(dataset);
      ask("close-counter", {
        title: fill(messages.close_counter_title, counter),
        prepare(form) {
          const list = form.querySelector('[data-list="facts"]');
          syncChildren(list, factsOf(counter), { key: (fact) => fact, make: (fact) => el("li", { text: fact }) });
        },
        submit: () => submit(commands.closeCounter(counter.id), said(messages.closed)),
      });
    },

    assign(dataset) {
      const counter = counterOf(dataset);
      const check = (form, services) => {
        for (const box of form.querySelectorAll('[name="services"]')) box.checked = services.includes(box.value);
      };
      ask("assign", {
        title: fill(messages.assign_title, counter),
        prepare(form) {
          check(form, counter.services);
          form.querySelector("[data-usual]").onclick = () => check(form, counter.default_services);
        },
        submit(form) {
          const chosen = new FormData(form).getAll("services");
          if (!chosen.length) return { wrong: { services: messages.services_missing } };
          const command = commands.assign(counter.id, inUsualOrder(counter, chosen, view().services));
          return submit(command, said(messages.assigned), { services: "services", "*": "services" });
        },
      });
    },
  };
}
