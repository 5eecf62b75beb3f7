// Small helpers around the DOM. Everything is set as text, never as markup.

/** The parsed content of `<script type="application/json" id="...">`, or null when the page has none. */
export function readJSON(id) {
  const block = document.getElementById(id);
  return block ? JSON.parse(block.textContent) : null;
}

/** Sets the text of a node, and only when it differs, so that nothing is announced or repainted for nothing. */
export function text(node, value) {
  const wanted = String(value ?? "");
  if (node && node.textContent !== wanted) node.textContent = wanted;
}

/** Shows or hides a node. */
export function show(node, visible) {
  if (node && node.hidden === Boolean(visible)) node.hidden = !visible;
}

/** The element below `root` that carries `data-field="name"`. */
export function field(root, name) {
  return root.querySelector(`[data-field="${name}"]`);
}

/** Every such element; a value may stand in more than one place. */
export function fields(root, name) {
  return root.querySelectorAll(`[data-field="${name}"]`);
}

/**
 * A new element. `props`: `class`, `text`, `dataset` {name: value}, `on` {event: listener}; anything else becomes an
 * attribute (true: empty, false or null: left out).
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === "class") node.className = value;
    else if (name === "text") node.textContent = value;
    else if (name === "dataset") Object.assign(node.dataset, value);
    else if (name === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

/**
 * Makes the children of `parent` those of `items`, in order, keeping the node of every key that stays.
 * `key(item)` names an item (it becomes data-key), `make(item)` builds its node, `update(node, item)` refreshes it.
 * Items of one name are told apart by their order: two notices may say the same.
 */
export function syncChildren(parent, items, { key, make, update = () => {} }) {
  const old = new Map();
  for (const node of parent.children) old.set(node.dataset.key, node);
  const times = new Map();
  const wanted = items.map((item) => {
    const plain = String(key(item));
    const time = (times.get(plain) ?? 0) + 1;
    times.set(plain, time);
    const name = time === 1 ? plain : `${plain} #${time}`;
    const node = old.get(name) ?? make(item);
    old.delete(name);
    node.dataset.key = name;
    update(node, item);
    return node;
  });
  for (const node of old.values()) node.remove();
  wanted.forEach((node, place) => {
    if (parent.children[place] !== node) parent.insertBefore(node, parent.children[place] ?? null);
  });
}
