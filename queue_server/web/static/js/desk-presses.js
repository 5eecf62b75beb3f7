// What each button of a desk does, by mouse or key.
import { mainAction } from "./desk-current.js";
import { ask } from "./desk-dialogs.js";

/**
 * Makes {button(name), move(ticket, move), priority(ticket or null), close()}. `state()` is the desk's state now, `press`
 * that of desk-press.js, `waits()` says whether no press is taken now, `assist()` shows the counter of somebody else as
 * one's own.
 */
export function pressesOf({ state, press, commands, questions, waits, assist }) {
  /** Opens the counter; where the server has a question first, it is asked and the press made again. */
  async function open(name) {
    const back = state().situation === "break";
    const command = commands.open(false, back);
    const { data } = (await press(name, command)) ?? {};
    if (command.asks.includes(data?.code) && (await questions.takeOver(data))) press(name, commands.open(true, back));
  }

  function main() {
    const action = mainAction(state());
    if (action === "open" || action === "reopen") open("main");
    // Once called, the same button means "complete and call": a finger that shakes does not mean that.
    else if (action) press("main", commands.callNext(action === "complete" ? state().current : null), "call next");
  }

  async function close() {
    if (await questions.close()) press("close", commands.close());
  }

  async function takeBreak() {
    const minutes = await questions.takeBreak();
    if (minutes) press("break", commands.takeBreak(minutes));
  }

  async function services() {
    const chosen = await questions.services();
    if (chosen) press("services", commands.assign(chosen));
  }

  async function priority(ticket) {
    const answer = await questions.priority(ticket);
    if (answer) press(`prioritize ${answer.ticket.id}`, commands.move(answer.ticket, "prioritize", answer.body));
  }

  async function move(ticket, name) {
    if (!ticket?.moves.includes(name) || state().situation === "taken" || waits()) return;
    const button = [name, ticket.id].join(" ");
    if (name === "call") return void press(button, commands.call(ticket.label));
    if (name === "prioritize") return void priority(ticket);
    const body = await questions.move(ticket, name);
    if (body) press(button, commands.move(ticket, name, body));
  }

  const buttons = {
    main,
    take: () => open("take"),
    assist,
    undo: () => press("undo", commands.undo(), `undo ${state().undo.seq}`),
    close,
    break: takeBreak,
    services,
    keys: () => ask("keys"),
  };

  return { move, priority, button: (name) => buttons[name]() };
}
