// The end of the day by hand: first who is still there, then, deliberately, what becomes of them.
import { el, field, show, syncChildren, text } from "./dom.js";
import { fill } from "./format.js";

/** The open tickets by service, in the order of the profile: [{service (its name), labels}]. */
function openByService(view) {
  const labelsOf = ({ id }) => view.tickets.filter((ticket) => ticket.service === id).map((ticket) => ticket.label);
  const groups = view.services.map((service) => ({ service: service.name, labels: labelsOf(service) }));
  return groups.filter(({ labels }) => labels.length);
}

function makeGroup() {
  const numbers = el("span", { class: "number", dataset: { field: "numbers" } });
  return el("li", {}, el("strong", { dataset: { field: "group" } }), numbers);
}

function showOpen(form, view, messages) {
  const groups = openByService(view);
  const count = groups.reduce((sum, { labels }) => sum + labels.length, 0);
  text(field(form, "count"), count ? fill(messages.close_day_people, { count }) : messages.close_day_nobody);
  syncChildren(form.querySelector('[data-list="open"]'), groups, {
    key: (group) => group.service,
    make: makeGroup,
    update(node, { service, labels }) {
      text(field(node, "group"), fill(messages.close_day_row, { service, count: labels.length }));
      text(field(node, "numbers"), labels.join(messages.separator));
    },
  });
  show(form.querySelector('[data-part="asks_again"]'), count > 0);
}

/** The action of closing the day; see supervisor-hall-actions.js. */
export function dayActions({ view, commands, ask, send, messages }) {
  function done({ expired }) {
    return expired.length ? fill(messages.day_closed_expired, { labels: expired.join(messages.separator) }) : messages.day_closed;
  }

  async function close(expire) {
    const result = await send(commands.closeDay(expire));
    if (!result) return null;
    if (result.ok) return { done: done(result.data) };
    if (result.data?.labels) return { next: () => askAgain(result.data.labels) };
    return { wrong: { "": result.sentence } };
  }

  /** Names exactly the numbers that the server still holds open. */
  function askAgain(labels) {
    const one = { key: (label) => label, make: (label) => el("li", { text: label }) };
    ask("expire", {
      title: fill(messages.expire_title, { count: labels.length }),
      prepare: (form) => syncChildren(form.querySelector('[data-list="labels"]'), labels, one),
      submit(form) {
        return form.elements.confirmed.checked ? close(true) : { wrong: { confirmed: messages.not_confirmed } };
      },
    });
  }

  return {
    "close-day"() {
      ask("close-day", {
        title: messages.close_day_title,
        prepare: (form) => showOpen(form, view(), messages),
        submit: () => close(false),
      });
    },
  };
}
