// This counter itself: what it serves today, and the buttons that open, close and rest it.
import { el, show, syncChildren } from "./dom.js";

const root = document.querySelector("[data-place]");
const button = (name) => root.querySelector(`[data-key="${name}"]`);

/** Shows the counter's services and which of its buttons there are. */
export function showPlace(view, { counter, situation }) {
  const names = new Map(view.services.map((service) => [service.id, service.name]));
  syncChildren(root.querySelector('[data-list="services"]'), counter.services, {
    key: (id) => id,
    make: (id) => el("li", { text: names.get(id) ?? id }),
  });
  show(root.querySelector('[data-part="changed"]'), counter.services.join() !== counter.default_services.join());
  show(button("services"), situation !== "taken");
  show(button("break"), situation === "open");
  show(button("close"), situation === "open" || situation === "break");
}
