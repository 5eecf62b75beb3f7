// Being told while the page is closed: by Web Push on this device, and by mail.
import { show, text } from "../../../static/js/dom.js";
import { sendCommand } from "../../../static/js/command.js";
import { registerWorker, SCOPE } from "./kept-page.js";

const KEPT = "queue.push";
const LOOKS_LIKE_MAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** Sends one wish; what the server answers when it took it, else null. */
export async function send(path, body) {
  try {
    const { status, data } = await sendCommand(path, body);
    return status === 200 ? data : null;
  } catch {
    return null;
  }
}

/** Has a button of the page's form do this instead of sending the form. */
export function instead(button, deed) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    deed();
  });
}

/** Which tickets are told on this device: a browser has one subscription for all. `name` is a number of a day. */
const kept = {
  list() {
    try {
      return JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    } catch {
      return [];
    }
  },
  set(name, on) {
    const others = this.list().filter((each) => each !== name && each.slice(0, 10) === name.slice(0, 10));
    try {
      localStorage.setItem(KEPT, JSON.stringify(on ? [...others, name] : others));
    } catch {
      // The notices come all the same; only the button forgets.
    }
  },
};

function bytes(base64url) {
  const text = atob(base64url.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(text, (sign) => sign.charCodeAt(0));
}

const canPush = () => "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

/**
 * Offers Web Push where server and browser can do it. `wish()` gives {near, language}; `name` is what this device
 * remembers the ticket by. Returns {changed()}, to be told of a new choice.
 */
export function offerPush(address, name, messages, wish) {
  const part = document.querySelector("[data-push]");
  if (!part || !canPush()) return { changed: () => {} };
  const button = part.querySelector("[data-push-button]");
  const line = part.querySelector("[data-push-text]");
  let on = kept.list().includes(name) && Notification.permission === "granted";

  function say(sentence) {
    text(line, sentence);
    show(line, sentence);
  }

  function showState() {
    button.setAttribute("aria-pressed", String(on));
    say(on ? messages.push_on : "");
  }

  async function subscription() {
    const registration = await registerWorker();
    const options = { userVisibleOnly: true, applicationServerKey: bytes(part.dataset.pushKey) };
    try {
      return await registration.pushManager.subscribe(options);
    } catch (error) {
      // A subscription with the key of an earlier installation stands in the way.
      const former = await registration.pushManager.getSubscription();
      if (!former) throw error;
      await former.unsubscribe();
      return registration.pushManager.subscribe(options);
    }
  }

  async function begin() {
    if ((await Notification.requestPermission()) !== "granted") return messages.push_denied;
    const { endpoint, keys } = (await subscription()).toJSON();
    const body = { endpoint, p256dh: keys.p256dh, auth: keys.auth, ...wish() };
    if (!(await send(`${address}/push`, body))) return messages.wish_failed;
    on = true;
    kept.set(name, true);
    return "";
  }

  async function stop() {
    const registration = await navigator.serviceWorker.getRegistration(SCOPE);
    const former = await registration?.pushManager.getSubscription();
    if (former && !(await send(`${address}/push/stop`, { endpoint: former.endpoint }))) return messages.wish_failed;
    on = false;
    kept.set(name, false);
    return "";
  }

  async function press(deed) {
    button.disabled = true;
    const problem = await deed().catch(() => messages.wish_failed);
    button.disabled = false;
    showState();
    if (problem) say(problem);
  }

  button.addEventListener("click", () => press(on ? stop : begin));
  showState();
  show(part, true);
  return { changed: () => on && press(begin) };
}

/** Offers mail where the server can send it. The address stays in the page until it is sent, and is kept nowhere. */
export function offerMail(address, messages, wish) {
  const part = document.querySelector("[data-mail]");
  if (!part) return { changed: () => {}, told: () => {} };
  const form = part.querySelector("[data-mail-form]");
  const input = part.querySelector("input");
  const problem = part.querySelector("[data-mail-problem]");
  const on = part.querySelector("[data-mail-on]");
  let sent = "";

  async function begin(to) {
    if (!LOOKS_LIKE_MAIL.test(to)) return refuse(messages.mail_address);
    if (!(await send(`${address}/mail`, { address: to, ...wish() }))) return refuse(messages.wish_failed);
    sent = to;
    input.value = "";
    refuse("");
    showOn(true);
  }

  function refuse(sentence) {
    text(problem, sentence);
    input.setAttribute("aria-invalid", String(Boolean(sentence)));
    if (sentence) input.focus();
  }

  function showOn(isOn) {
    show(form, !isOn);
    show(on, isOn);
  }

  // What a press of Enter in the address means, too: it is the form's first button.
  instead(part.querySelector("[data-mail-begin]"), () => begin(input.value.trim()));
  instead(part.querySelector("[data-mail-stop]"), async () => {
    if (!(await send(`${address}/mail/stop`, {}))) return;
    sent = "";
    showOn(false);
  });
  return { changed: () => sent && begin(sent), told: (ways) => showOn(ways.includes("mail")) };
}
