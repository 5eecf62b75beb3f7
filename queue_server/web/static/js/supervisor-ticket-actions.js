// Corrections of one number: a move, its last move taken back, a new slip.
import { field, show, text } from "./dom.js";
import { clockText, fill } from "./format.js";
import { dialogOf, showDialog } from "./supervisor-dialogs.js";

/** The moves that ask something first. */
const ASKING = ["cancel", "hold", "transfer", "prioritize"];

/** Shows the new slip: the number large, and the way to its own page. `page` is {address, qr} of the page's block. */
function showSlip({ ticket, token, ticket_url: path }, page, messages) {
  const dialog = dialogOf("slip");
  const qr = dialog.querySelector("[data-qr]");
  text(field(dialog, "label"), ticket.label);
  text(field(dialog, "service"), ticket.service_name);
  text(field(dialog, "issued"), fill(messages.slip_issued, { time: clockText(ticket.issued_at) }));
  text(field(dialog, "address"), page.address + path);
  qr.src = page.qr.replace("TOKEN", encodeURIComponent(token));
  qr.alt = fill(messages.qr_alt, ticket);
  dialog.querySelector("[data-print]").onclick = () => window.print();
  showDialog("slip");
}

function prepareMove({ elements }, ticket, move) {
  if (move === "prioritize") elements.priority.value = ticket.priority;
  // It is already at its service.
  if (move === "transfer") for (const each of elements.service.options) show(each, each.value !== ticket.service);
}

/** The body of a move's command, or what is wrong with the form. */
function bodyOf(form, move, messages) {
  const values = Object.fromEntries(new FormData(form));
  if (move !== "transfer") return { body: values };
  const body = Object.fromEntries(Object.entries(values).filter(([, value]) => value));
  return Object.keys(body).length ? { body } : { wrong: { service: messages.nowhere } };
}

/** The actions by the name that their buttons carry; see supervisor-hall-actions.js. */
export function ticketActions({ view, commands, ask, go, submit, messages, page }) {
  const ticketOf = ({ ticket }) => [...view().tickets, ...view().ended].find((each) => each.id === ticket);
  const stateOf = (ticket) => messages[`state_${ticket.state}`];

  return {
    move(dataset) {
      const { move } = dataset;
      const ticket = ticketOf(dataset);
      if (!ticket?.moves.includes(move)) return;
      const done = ({ ticket: after }) => fill(messages[`did_${move}`], after);
      if (!ASKING.includes(move)) return void go(commands.move(ticket, move), done);
      ask(move, {
        title: fill(messages[`${move}_title`], ticket),
        prepare: (form) => prepareMove(form, ticket, move),
        submit(form) {
          const { body, wrong } = bodyOf(form, move, messages);
          return wrong ? { wrong } : submit(commands.move(ticket, move, body), done);
        },
      });
    },

    undo(dataset) {
      const ticket = ticketOf(dataset);
      if (!ticket) return;
      const title = ticket.state === "waiting" ? messages.undo_title_waiting : messages.undo_title;
      const said = (each) => fill(messages.undone, { label: each.label, state: stateOf(each) });
      ask("undo", {
        title: fill(title, { label: ticket.label, state: stateOf(ticket) }),
        submit: () => submit(commands.undo(ticket), ({ tickets }) => tickets.map(said).join(" ")),
      });
    },

    reissue(dataset) {
      const ticket = ticketOf(dataset);
      if (!ticket) return;
      ask("reissue", {
        title: fill(messages.reissue_title, ticket),
        async submit() {
          let slip = null;
          const answer = await submit(commands.reissue(ticket), (data) => {
            slip = data;
            return fill(messages.reissued, data.ticket);
          });
          return slip ? { ...answer, next: () => showSlip(slip, page, messages) } : answer;
        },
      });
    },
  };
}
