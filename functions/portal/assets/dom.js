// Elements without markup: text is always text, so nothing that somebody typed can become a script.

const words = new WeakMap();

/** A text node; a function is called again when the language changes. */
export function text(content) {
  const node = document.createTextNode(typeof content === "function" ? content() : String(content));
  if (typeof content === "function") words.set(node, content);
  return node;
}

/** Says everything on the page again, in the language that is now chosen. What was typed stays. */
export function retell(root = document.body) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const content = words.get(walker.currentNode);
    if (content) walker.currentNode.data = content();
  }
}

/** Makes an element. `onclick` and the like take functions; `null` and `false` leave an attribute or a child out. */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  fill(element, ...children);
  return element;
}

/** Replaces what is in an element. */
export function fill(element, ...children) {
  const wanted = children.flat(3).filter((child) => child !== null && child !== undefined && child !== false);
  element.replaceChildren(...wanted.map((child) => (child instanceof Node ? child : text(child))));
  return element;
}

let last = 0;
export const unique = () => `e${(last += 1)}`;

/** Tells those who listen. */
export function announce(content) {
  fill(document.getElementById("status"), content);
}
