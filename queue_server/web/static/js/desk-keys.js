// The desk by keyboard alone. A key does what the button that shows it does, if that button is there.

const TYPING = "input, select, textarea, [contenteditable]";
const PRESSABLE = "button, a, summary";

/** The key as a single capital letter, a digit, "?", "Space", or its own name, whatever the input method is set to. */
function keyOf(event) {
  const code = /^(?:Key|Digit|Numpad)(.)$/.exec(event.code);
  if (/^[a-z]$/i.test(event.key)) return event.key.toUpperCase();
  if (/^[0-9?]$/.test(event.key)) return event.key;
  return code ? code[1] : event.code;
}

/**
 * Listens for keys while `ready()`. `onKey(key, event)` is told letters, "?" and Space, `onDigit(digit)` digits; both
 * only outside of what one types into. Space on a button stays that button's own.
 */
export function listenForKeys({ ready, onKey, onDigit }) {
  document.addEventListener("keydown", (event) => {
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !ready()) return;
    // A box that has just gone with its question may still have the focus: nobody types into it.
    if (event.target.closest(TYPING)?.checkVisibility()) return;
    const key = keyOf(event);
    if (key === "Space" && event.target.closest(PRESSABLE)) return;
    if (/^[0-9]$/.test(key)) {
      event.preventDefault();
      onDigit(key);
    } else if (key === "Space" || /^[A-Z?]$/.test(key)) {
      event.preventDefault();
      onKey(key === "Space" ? "N" : key, event);
    }
  });
}

/**
 * Lets the arrow keys walk from row to row of the numbers below `root`, each time to its first button; Escape, and up
 * from the first, go to `home`. Returns a function that begins at the first row.
 */
export function walkRows(root, home) {
  const stops = () =>
    [...root.querySelectorAll(".row")]
      .map((row) => row.querySelector("button, summary"))
      .filter((stop) => stop?.checkVisibility());

  root.addEventListener("keydown", (event) => {
    const row = event.target.closest(".row");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!row || (!step && event.key !== "Escape")) return;
    event.preventDefault();
    const found = stops();
    const place = found.findIndex((stop) => row.contains(stop));
    if (!step || place + step < 0) home.focus();
    else found[place + step]?.focus();
  });

  return () => stops()[0]?.focus();
}
