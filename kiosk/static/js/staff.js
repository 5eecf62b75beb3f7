// The staff mode: five touches on the site's name, the PIN, then counts, a number, services.
import { newKey } from "../../../static/js/command.js";
import { el, field, readJSON, syncChildren, text } from "../../../static/js/dom.js";
import { fill } from "../../../static/js/format.js";
import { showScreen } from "./screens.js";

const TOUCHES = 5;
const WITHIN_MS = 4_000;
const LONGEST = 12;

const pinScreen = document.querySelector('section[data-screen="pin"]');
const staffScreen = document.querySelector('section[data-screen="staff"]');
const cancelScreen = document.querySelector('section[data-screen="staff-cancel"]');
const names = readJSON("names");
const box = document.querySelector("#staff-label");

let touched = [];
let pin = "";
let key = null;
/** The number that staff are asked about. */
let asked = "";

async function post(path, body) {
  const csrf = document.querySelector('meta[name="csrf-token"]').content;
  const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf, "Idempotency-Key": newKey() };
  if (key) headers["X-Kiosk-Staff"] = key;
  const answer = await fetch(`${location.pathname}/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: answer.status, data: await answer.json() };
}

function showPin(problem = "") {
  text(field(pinScreen, "pin"), "●".repeat(pin.length));
  text(field(pinScreen, "pin_problem"), problem);
}

/** A touch on the site's name; the fifth one in a row opens the pad. */
export function knock(now = Date.now()) {
  touched = [...touched.filter((at) => now - at < WITHIN_MS), now];
  if (touched.length < TOUCHES) return;
  touched = [];
  pin = "";
  showPin();
  showScreen("pin");
}

/** Forgets the PIN and closes the staff mode. */
export function leaveStaff() {
  if (key) post("staff/leave", {}).catch(() => {});
  key = null;
  pin = asked = "";
  box.value = "";
}

/** Minds the pad and the staff's screen; `onLeave` leads back to the first screen. */
export function watchStaff({ messages, onLeave }) {
  function showStaff(services, done = "") {
    text(field(staffScreen, "staff_done"), done);
    syncChildren(staffScreen.querySelector('[data-list="staff-services"]'), services, {
      key: (service) => service.id,
      make: () =>
        el(
          "li",
          { class: "staff__service" },
          el("span", { class: "staff__name", dataset: { field: "name" } }),
          el("span", { class: "staff__count number", dataset: { field: "count" } }),
          el("button", { class: "plain", type: "button", dataset: { staff: "switch" } }),
        ),
      update(node, service) {
        text(field(node, "name"), service.paused ? `${service.name} (${messages.staff_paused})` : service.name);
        text(field(node, "count"), fill(messages.staff_count, service));
        const button = node.querySelector("button");
        button.dataset.subject = service.id;
        button.dataset.deed = service.paused ? "resume" : "pause";
        text(button, service.paused ? messages.staff_resume : messages.staff_pause);
      },
    });
  }

  async function enter() {
    try {
      const { status, data } = await post("staff", { pin });
      pin = "";
      if (status !== 200) return showPin(data.message);
      key = data.key;
      showStaff(data.services);
      showScreen("staff");
    } catch {
      showPin(messages.staff_failed);
    }
  }

  const say = (words) => text(field(staffScreen, "staff_done"), words);

  /** Does something; `whenDone` has the answer of a deed that was done. Whatever else came of it is said. */
  async function act(deed, body, whenDone = showDone) {
    try {
      const { status, data } = await post(`staff/${deed}`, body);
      if (key === null) return;
      if (data.code === "staff_mode_ended") return onLeave();
      if (status === 200) whenDone(data);
      else say(data.message);
    } catch {
      say(messages.staff_failed);
    }
  }

  function showDone({ services, done }) {
    showStaff(services, done);
    box.value = "";
  }

  /** The number in the box; "" once it was said that there is none. */
  function typed() {
    const label = box.value.trim();
    if (!label) say(field(staffScreen, "staff_done").dataset.missing);
    return label;
  }

  /** Nothing brings back a number that was cancelled, and a finger errs: so staff are asked, with the name of its service. */
  function askToCancel({ ticket }) {
    asked = ticket.label;
    const question = field(cancelScreen, "staff_question");
    const service = names.service[ticket.service] ?? ticket.service;
    text(question, fill(question.dataset.template, { label: asked, service }));
    showScreen("staff-cancel");
    cancelScreen.querySelector('[data-staff="keep"]').focus();
  }

  function answerAsked(deed) {
    if (!asked) return;
    const label = asked;
    asked = "";
    say("");
    showScreen("staff");
    if (deed === "cancel") act("cancel", { label });
  }

  function doWithNumber(deed) {
    const label = typed();
    if (!label) return;
    if (deed === "ask") act("find", { label }, askToCancel);
    else act(deed, { label });
  }

  function typeDigit(digit) {
    if (digit === "enter") return enter();
    pin = digit === "back" ? pin.slice(0, -1) : (pin + digit).slice(0, LONGEST);
    showPin();
  }

  document.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    const { digit, type, staff } = button.dataset;
    if (digit) typeDigit(digit);
    else if (type) box.value = type === "back" ? box.value.slice(0, -1) : box.value + type;
    else if (staff === "leave") onLeave();
    else if (staff === "switch") act(button.dataset.deed, { service: button.dataset.subject });
    else if (staff === "keep" || staff === "cancel") answerAsked(staff);
    else if (staff) doWithNumber(staff);
  });
  document.addEventListener("keydown", (event) => {
    if (document.body.dataset.screen !== "pin") return;
    if (/^[0-9]$/.test(event.key)) typeDigit(event.key);
    else if (event.key === "Backspace") typeDigit("back");
    else if (event.key === "Enter" && event.target.closest("button") === null) typeDigit("enter");
  });
  staffScreen.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
}
