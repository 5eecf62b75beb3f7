// What the presses of a desk ask first. Each gives what the command needs, or null to leave everything as it is.
import { ask } from "./desk-dialogs.js";
import { el, field, show, syncChildren, text } from "./dom.js";
import { counterWord } from "./desk-peers.js";
import { fill } from "./format.js";

const LONGEST_BREAK = 240;

/** Says in the dialog that the number now at a counter is not done with; nothing where there is none. */
function warnOf(ticket, messages) {
  return (dialog) => {
    const line = field(dialog, "unfinished");
    text(line, ticket ? fill(messages.unfinished, ticket) : "");
    show(line, ticket);
  };
}

/** A check that shows or hides the dialog's one problem; `boxes` are what it is about. */
function check(isRight, boxes = "input, select") {
  return (values, dialog) => {
    const right = isRight(values, dialog);
    show(field(dialog, "problem"), !right);
    for (const box of dialog.querySelectorAll(boxes)) box.setAttribute("aria-invalid", !right);
    return right;
  };
}

const noProblem = (dialog, boxes) => check(() => true, boxes)({}, dialog);

const normal = (label) => label.normalize("NFKC").trim().toLowerCase();

/** One of several to tick, or to choose from, with its digit. */
function optionRow({ type, name, value, word, more = "", checked, digit }) {
  return el(
    "label",
    { class: "tick", dataset: { digit } },
    el("input", { type, name, value, checked }),
    el("span", { class: "tick__word" }, el("span", { text: word }), el("span", { class: "tick__more", text: more })),
    digit ? el("kbd", { class: "key", "aria-hidden": "true", text: digit }) : "",
  );
}

const rowsOf = (rows) => rows.map((row, place) => optionRow({ ...row, digit: place < 9 ? String(place + 1) : undefined }));

/** The questions of a desk; `view()` and `state()` give what is on the page now. */
export function questionsOf({ view, state, me, messages }) {
  const ticketAt = (counter) => view().tickets.find((ticket) => ticket.id === counter?.ticket) ?? null;

  /** Where a ticket goes: {service?, counter?} with at least one. */
  async function transfer(ticket) {
    const boxes = "select";
    const answer = await ask("transfer", fill(messages.transfer_title, ticket), {
      valid: check((values) => Boolean(values.service || values.counter), boxes),
      prepare(dialog) {
        noProblem(dialog, boxes);
        for (const option of dialog.querySelectorAll('[name="service"] option')) {
          const service = view().services.find((each) => each.id === option.value);
          if (service) text(option, fill(messages.transfer_service, { service: service.name, count: service.waiting_count }));
          show(option, option.value !== ticket.service);
        }
        for (const option of dialog.querySelectorAll('[name="counter"] option')) {
          const counter = view().counters.find((each) => each.id === option.value);
          if (counter) text(option, fill(messages.transfer_counter, { counter: counter.name, state: counterWord(counter, messages) }));
        }
      },
    });
    return answer && Object.fromEntries(Object.entries(answer).filter(([, value]) => value));
  }

  /** A number, at first that of `ticket`, and the class it is given: {ticket, body}. */
  async function priority(ticket) {
    const boxes = '[name="label"]';
    const found = (label) =>
      view().tickets.find((each) => normal(each.label) === normal(label) && each.moves.includes("prioritize"));
    const answer = await ask("prioritize", "", {
      valid: check((values) => found(values.label), boxes),
      prepare(dialog) {
        noProblem(dialog, boxes);
        const classes = view().priorities.map((each) => ({
          value: each.id,
          word: each.name,
          more: fill(messages.priority_class, { minutes: each.head_start }),
          checked: !ticket?.priority && each === view().priorities[0],
        }));
        const none = { value: "", word: messages.priority_none, checked: Boolean(ticket?.priority) };
        const rows = rowsOf([...classes, none].map((row) => ({ ...row, type: "radio", name: "priority" })));
        dialog.querySelector('[data-list="classes"]').replaceChildren(...rows);
        const box = dialog.querySelector('[name="label"]');
        box.value = ticket?.label ?? "";
        box.autofocus = !ticket;
        rows[ticket?.priority ? rows.length - 1 : 0].querySelector("input").autofocus = Boolean(ticket);
      },
    });
    return answer && { ticket: found(answer.label), body: { priority: answer.priority } };
  }

  /** Which services the counter serves today, in the order it already has: a list of ids. */
  async function services() {
    const { services: now, default_services: usual } = state().counter;
    const ticked = (dialog) => [...dialog.querySelectorAll("input:checked")].map((box) => box.value);
    let chosen = [];
    const answer = await ask("services", "", {
      valid: check((_values, dialog) => (chosen = ticked(dialog)).length > 0),
      prepare(dialog) {
        const rows = view().services.map((service) => ({
          type: "checkbox",
          name: service.id,
          value: service.id,
          word: service.name,
          more: fill(messages.service_figures, { count: service.waiting_count, counters: service.counters_open }),
          checked: now.includes(service.id),
        }));
        dialog.querySelector('[data-list="choices"]').replaceChildren(...rowsOf(rows));
        noProblem(dialog);
        const back = dialog.querySelector("[data-by-profile]");
        show(back, now.join() !== usual.join());
        back.onclick = () => {
          for (const box of dialog.querySelectorAll("input")) box.checked = usual.includes(box.value);
          dialog.querySelector("form").requestSubmit();
        };
      },
    });
    if (!answer) return null;
    const known = [...new Set([...usual, ...now])];
    return [...known.filter((id) => chosen.includes(id)), ...chosen.filter((id) => !known.includes(id))];
  }

  return {
    priority,
    services,

    /** What a move has to ask; the command's body. */
    async move(ticket, move) {
      if (move === "transfer") return transfer(ticket);
      if (move === "hold") return ask("hold", fill(messages.hold_title, ticket));
      if (move === "cancel") return (await ask("cancel", fill(messages.cancel_title, ticket))) && {};
      return {};
    },

    /** Whether to close the counter although a number is there. */
    async close() {
      const { current } = state();
      return !current || (await ask("close", messages.close_title, { prepare: warnOf(current, messages) })) !== null;
    },

    /** Whether to go on where the server asked first: somebody works here, or the person works elsewhere. */
    async takeOver({ code, clerk, counter }) {
      const mine = view().counters.find((each) => (code === "clerk_elsewhere" ? each.id === counter : each.clerk === me.clerk));
      const warn = warnOf(ticketAt(mine), messages);
      if (code === "clerk_elsewhere") {
        return ask("elsewhere", fill(messages.elsewhere_title, { counter: mine?.name ?? counter }), { prepare: warn });
      }
      return ask("take", fill(messages.take_over_title, { clerk }), {
        prepare(dialog) {
          const closes = field(dialog, "closes");
          text(closes, mine ? fill(messages.take_over_closes, { counter: mine.name }) : "");
          show(closes, mine);
          warn(dialog);
        },
      });
    },

    /** For how many minutes the counter closes. */
    async takeBreak() {
      const minutesIn = ({ minutes }) => Number(/^\d{1,4}$/.exec(minutes.normalize("NFKC").trim())?.[0]);
      const answer = await ask("break", "", {
        valid: check((values) => minutesIn(values) >= 1 && minutesIn(values) <= LONGEST_BREAK),
        prepare(dialog) {
          noProblem(dialog);
          warnOf(state().current, messages)(dialog);
        },
      });
      return answer && minutesIn(answer);
    },

    /** How to sign out of an open counter: "close" or "keep". */
    async signOut() {
      const answer = await ask("sign_out", "", { prepare: warnOf(state().current, messages) });
      return answer && answer.how;
    },
  };
}
