// 番号を直す: finds a number among the open ones and those that ended last, and offers what can be done about it.
import { el, field, show, syncChildren, text } from "./dom.js";
import { clockText, fill } from "./format.js";
import { actionButton } from "./supervisor-cells.js";
import { findTickets, mayUndo, minutesSince } from "./supervisor-state.js";

/** The lawful moves that correct something; calling and serving belong to the counters. */
const MOVES = ["complete", "reinstate", "resume", "no_show", "hold", "transfer", "prioritize", "cancel"];

const isOpen = (ticket) => !("undoable" in ticket);

/** What can be done about a ticket: [key, action, word, dataset]. */
function buttonsOf(ticket, messages) {
  const lawful = MOVES.filter((move) => ticket.moves.includes(move));
  const moves = lawful.map((move) => [move, "move", messages[`move_${move}`], { move }]);
  const undo = mayUndo(ticket) ? [["undo", "undo", messages.undo, {}]] : [];
  const reissue = isOpen(ticket) ? [["reissue", "reissue", messages.reissue, {}]] : [];
  return [...undo, ...moves, ...reissue];
}

function makeCard(ticket) {
  const place = (tag, className, field) => el(tag, { class: className, dataset: { field } });
  const label = el("span", { class: "card__label number", text: ticket.label });
  return el(
    "li",
    { class: "card" },
    el("p", { class: "card__head" }, label, place("span", "state", "state"), place("span", "card__counter", "counter")),
    place("p", "card__service", "service"),
    place("p", "card__about number", "about"),
    place("p", "card__about", "more"),
    el("div", { class: "card__buttons" }),
  );
}

/** Its service, and the stage of one that has several. */
const serviceText = ({ service_name: service, stage }, messages) => (stage ? fill(messages.stage, { service, stage }) : service);

function aboutText(view, ticket, messages) {
  const issued = fill(messages.issued, { time: clockText(ticket.issued_at) });
  if (!isOpen(ticket)) return [issued, fill(messages.ended_at, { time: clockText(ticket.ended_at) })].join(messages.separator);
  return [issued, fill(messages.minutes_passed, { minutes: minutesSince(view, ticket.issued_at) })].join(messages.separator);
}

function updateCard(card, ticket, view, messages) {
  const names = new Map(view.counters.map((counter) => [counter.id, counter.name]));
  const state = field(card, "state");
  state.dataset.state = ticket.state;
  text(state, messages[`state_${ticket.state}`]);
  text(field(card, "counter"), ticket.counter_name);
  text(field(card, "service"), serviceText(ticket, messages));
  text(field(card, "about"), aboutText(view, ticket, messages));
  const reserved = ticket.reserved_counter && fill(messages.reserved, { counter: names.get(ticket.reserved_counter) });
  text(field(card, "more"), [ticket.priority_name, reserved, ticket.offline && messages.ticket_offline, ticket.reason].filter(Boolean).join(messages.separator));
  syncChildren(card.querySelector(".card__buttons"), buttonsOf(ticket, messages), {
    key: ([name]) => name,
    make([, action, word, dataset]) {
      const label = fill(messages.ticket_action, { label: ticket.label, word });
      const button = actionButton(action, word, { ...dataset, ticket: ticket.id }, label);
      button.classList.toggle("press--danger", dataset.move === "cancel");
      return button;
    },
  });
}

function makeEnded(ticket, messages) {
  const how = el("span", { class: "number", dataset: { field: "how" } });
  return el(
    "li",
    { class: "ended__row" },
    el("span", { class: "ended__label number", text: ticket.label }),
    el("span", { class: "ended__about" }, el("span", { text: ticket.service_name }), how),
    actionButton("undo", messages.undo, { ticket: ticket.id }),
  );
}

function showEnded(view, messages) {
  const part = document.querySelector('[data-part="ended"]');
  text(field(part, "ended_count"), fill(messages.count, { count: view.ended.length }));
  show(part, view.ended.length > 0);
  syncChildren(part.querySelector('[data-list="ended"]'), view.ended, {
    key: (ticket) => ticket.id,
    make: (ticket) => makeEnded(ticket, messages),
    update(row, ticket) {
      const state = messages[`state_${ticket.state}`];
      const how = { state, time: clockText(ticket.ended_at), counter: ticket.counter_name ?? "" };
      text(field(row, "how"), fill(messages.ended_how, how));
      const button = row.querySelector("button");
      button.setAttribute("aria-label", fill(messages.ticket_action, { label: ticket.label, word: button.textContent }));
      show(button, ticket.undoable);
    },
  });
}

/** Minds the part. Returns {find(label), show(view)}; what was found stays up to date with each view. */
export function ticketFinder({ messages, onFound }) {
  const form = document.querySelector("[data-find]");
  const box = form.elements.label;
  const problem = document.getElementById("find-problem");
  let wanted = "";
  let view = null;

  function say(sentence) {
    text(problem, sentence);
    box.setAttribute("aria-invalid", Boolean(sentence));
  }

  function showFound() {
    const found = wanted ? findTickets(view, wanted) : [];
    syncChildren(document.querySelector('[data-list="found"]'), found, {
      key: (ticket) => ticket.id,
      make: makeCard,
      update: (card, ticket) => updateCard(card, ticket, view, messages),
    });
    return found;
  }

  function find(label) {
    wanted = label.normalize("NFKC").trim();
    const found = showFound();
    onFound();
    say(!wanted ? messages.label_missing : found.length ? "" : fill(messages.label_unknown, { label: wanted }));
    return found;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    find(box.value);
    box.select();
  });

  return {
    /** Looks a number up from elsewhere on the page, and goes there. */
    find(label) {
      box.value = label;
      find(label);
      const card = document.querySelector('[data-list="found"] button');
      (card ?? box).focus();
      card?.closest("li").scrollIntoView({ block: "nearest" });
    },
    show(next) {
      view = next;
      showFound();
      showEnded(view, messages);
    },
  };
}
