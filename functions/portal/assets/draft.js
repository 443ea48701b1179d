// What somebody has typed and not sent. It lives in this tab's memory: going back and forth loses nothing, closing the tab asks
// first, and signing out leaves nothing behind.

const kept = new Map();
let isLeaving = false;

/** The typed values under a key, by the names of their fields. */
export function draft(key) {
  if (!kept.has(key)) kept.set(key, {});
  return kept.get(key);
}

export const drop = (key) => kept.delete(key);

/** From here on the browser asks nothing: the person signs out, or a file opens. */
export function quietly(go) {
  isLeaving = true;
  go();
  setTimeout(() => {
    isLeaving = false;
  }, 2000);
}

addEventListener("beforeunload", (event) => {
  const isTyped = [...kept.values()].some((values) => Object.values(values).some((value) => String(value).trim()));
  if (isTyped && !isLeaving) event.preventDefault();
});
