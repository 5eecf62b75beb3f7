// Alerts by the city's own limits: on the screen, marked as seen by this browser, announced once each.
import { el, field, show, syncChildren, text } from "./dom.js";
import { fill } from "./format.js";

const MOST_SAID = 5;

const nameOf = (alert) => `${alert.service} ${alert.kind}`;
const ofKiosk = ({ kind }) => kind.startsWith("kiosk_");
const what = (alert, messages) => fill(messages[ofKiosk(alert) ? alert.kind : `alert_${alert.kind}`], alert);

/** The limit that was reached; a kiosk has none. */
function limit(alert, messages) {
  if (ofKiosk(alert)) return "";
  return fill(alert.kind === "people" ? messages.limit_people : messages.limit_minutes, alert);
}

/**
 * Remembers which alerts of a site were there and which were seen. An alert is known by its service and kind; one that
 * went away and comes again is a new one. `storage` keeps what was seen over a reload, for the day of the view.
 */
export function alertBook(site, storage = window.localStorage) {
  const place = `supervisor.seen.${site}`;
  let known = null;
  let day = "";

  function seen() {
    const kept = JSON.parse(storage.getItem(place) ?? "null");
    return kept?.day === day ? kept.alerts : [];
  }

  const keep = (alerts) => storage.setItem(place, JSON.stringify({ day, alerts }));

  return {
    /** Takes a view in; gives {alerts (each with name, seen), fresh (those that were not in the view before)}. */
    read(view) {
      day = view.as_of.slice(0, 10);
      const names = view.alerts.map(nameOf);
      // What stood there when the page was opened is on the screen; it is no news.
      const fresh = view.alerts.filter((alert) => known !== null && !known.includes(nameOf(alert)));
      known = names;
      const still = seen().filter((name) => names.includes(name) && !fresh.some((alert) => nameOf(alert) === name));
      keep(still);
      const marked = (alert) => ({ ...alert, name: nameOf(alert), seen: still.includes(nameOf(alert)) });
      return { alerts: view.alerts.map(marked), fresh };
    },
    acknowledge: (name) => keep([...seen(), name]),
  };
}

function makeAlert(alert, messages) {
  const dataset = { action: "acknowledge", alert: alert.name };
  return el(
    "li",
    { class: "alerts__item" },
    el("span", { class: "alerts__service", text: alert.service_name }),
    el("span", { class: "alerts__what number", dataset: { field: "what" } }),
    el("span", { class: "alerts__limit number", text: limit(alert, messages) }),
    el("button", { class: "press press--row alerts__seen", type: "button", dataset }),
  );
}

function showPart(name, alerts, messages) {
  const part = document.querySelector(`[data-part="${name}"]`);
  syncChildren(part.querySelector("[data-list]"), alerts, {
    key: (alert) => alert.name,
    make: (alert) => makeAlert(alert, messages),
    update(node, alert) {
      node.dataset.seen = alert.seen;
      text(field(node, "what"), what(alert, messages));
      const button = node.querySelector("button");
      const word = alert.seen ? messages.alert_seen : messages.alert_see;
      const about = { word, service: alert.service_name, what: what(alert, messages) };
      text(button, word);
      button.setAttribute("aria-label", fill(messages.alert_row, about));
      button.setAttribute("aria-disabled", alert.seen);
    },
  });
  show(part, alerts.length > 0);
}

/** Shows the alerts: in sight those that nobody has seen yet, the others where they do not stand in the way. */
export function showAlerts(alerts, messages) {
  showPart("alerts", alerts.filter((alert) => !alert.seen), messages);
  showPart("seen", alerts.filter((alert) => alert.seen), messages);
}

/** Says each new alert once, politely; a change of its figures says nothing. */
export function sayAlerts(fresh, messages) {
  const log = document.querySelector("[data-announce]");
  for (const alert of fresh) {
    const about = { service: alert.service_name, what: what(alert, messages) };
    log.append(el("p", { text: fill(messages.alert_said, about) }));
  }
  while (log.children.length > MOST_SAID) log.firstElementChild.remove();
}
