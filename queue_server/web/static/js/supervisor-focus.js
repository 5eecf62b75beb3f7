// The keyboard's place on a page that renews itself: it stays, or goes to what stands nearest.

const PLACES = "button, a[href], input, select, textarea, summary, [tabindex]";

const usable = (node) => node.isConnected && node.checkVisibility() && !node.closest("dialog:not([open])");

/** A node and everything around it, innermost first. */
export function around(node) {
  const found = [];
  for (let each = node; each && each !== document.body; each = each.parentElement) found.push(each);
  return found;
}

/** Puts the focus on the innermost of `nodes` that is still there, or on the first thing inside of it. */
export function focusNear(nodes) {
  for (const node of nodes) {
    if (!usable(node)) continue;
    const place = node.matches(PLACES) ? node : [...node.querySelectorAll(PLACES)].find(usable);
    if (!place) continue;
    place.focus({ preventScroll: true });
    return;
  }
}

/** Runs `render` and leaves the focus where it was. */
export function keepFocus(render) {
  const before = around(document.activeElement);
  render();
  if (before.length && document.activeElement !== before[0]) focusNear(before);
}
