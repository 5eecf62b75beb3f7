// The desk by keyboard alone. A key does what the button that shows it does, if that button is there.

const TYPING = "input, select, textarea, [contenteditable]";
const PRESSABLE = "button, a, summary";

/** The key as a single capital letter, a digit, "Space", or its own name, whatever the input method is set to. */
function keyOf(event) {
  const code = /^(?:Key|Digit|Numpad)(.)$/.exec(event.code);
  if (/^[a-z]$/i.test(event.key)) return event.key.toUpperCase();
  if (/^[0-9]$/.test(event.key)) return event.key;
  return code ? code[1] : event.code;
}

/**
 * Listens for keys while `ready()`. `onKey(key)` is told letters and Space, `onDigit(digit)` digits; both only outside
 * of what one types into. Space on a button stays that button's own.
 */
export function listenForKeys({ ready, onKey, onDigit }) {
  document.addEventListener("keydown", (event) => {
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !ready()) return;
    if (event.target.closest(TYPING)) return;
    const key = keyOf(event);
    if (key === "Space" && event.target.closest(PRESSABLE)) return;
    if (/^[0-9]$/.test(key)) {
      event.preventDefault();
      onDigit(key);
    } else if (key === "Space" || /^[A-Z]$/.test(key)) {
      event.preventDefault();
      onKey(key === "Space" ? "N" : key);
    }
  });
}
