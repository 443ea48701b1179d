// A signature by hand: typed or drawn, both equal.
import { fill, h, unique } from "./dom.js";
import { say } from "./text.js";

// The API's field, in its own units, and what it takes.
const WIDTH = 1000;
const HEIGHT = 300;
const MOST_POINTS = 3900;
const MOST_STROKES = 200;
const STEP = 4; // units between two points that are kept

/** A field of a form whose value is a mark. What is typed or drawn stays with `kept`, for who goes back and comes again. */
export function markField(name, kept) {
  const ids = { typed: unique(), drawn: unique(), name: unique(), error: unique() };
  const typed = h("input", { type: "radio", name: "kind", id: ids.typed, checked: true, onchange: choose });
  const drawn = h("input", { type: "radio", name: "kind", id: ids.drawn, onchange: choose });
  const text = h("input", { type: "text", id: ids.name, autocomplete: "name", maxlength: "100", class: "signature",
    "aria-describedby": ids.error, "aria-required": "true" });
  const error = h("p", { class: "error", id: ids.error });
  const pad = drawing(kept);
  const typing = h("div", null, h("label", { for: ids.name }, say("mark.name")), text);
  const element = h("fieldset", { class: "field" },
    h("legend", null, say("mark.title")), h("p", { class: "hint" }, say("mark.equal")), error,
    h("div", { class: "tick" }, typed, h("label", { for: ids.typed }, say("mark.type"))),
    h("div", { class: "tick" }, drawn, h("label", { for: ids.drawn }, say("mark.draw"))),
    typing, pad.element);

  text.value = kept.typed ?? "";
  if (kept.isDrawn) drawn.checked = true;
  text.addEventListener("input", () => {
    kept.typed = text.value;
  });

  function choose() {
    kept.isDrawn = drawn.checked;
    typing.hidden = drawn.checked;
    pad.element.hidden = typed.checked;
    if (drawn.checked) pad.paint();
  }
  choose();

  return {
    name, element, id: ids.name, own: null,
    value: () => (typed.checked ? { kind: "typed", name: text.value.trim() } : { kind: "drawn", strokes: pad.strokes() }),
    check: (mark) => {
      if (mark.kind === "typed") return mark.name ? null : "mark.no-name";
      return mark.strokes.some((stroke) => stroke.length > 1) ? null : "mark.no-line";
    },
    complain(message) {
      fill(error, message && [h("span", { class: "unseen" }, say("form.error"), " "), message]);
      element.classList.toggle("wrong", Boolean(message));
    },
    focus: () => (typed.checked ? text : pad.canvas).focus(),
  };
}

function drawing(kept) {
  kept.strokes ??= [];
  const strokes = kept.strokes;
  let current = null;
  const canvas = h("canvas", { class: "pad", tabindex: "0", role: "img" });
  const label = h("p", { class: "hint", id: unique() }, say("mark.box"));
  canvas.setAttribute("aria-labelledby", label.id);
  const points = () => strokes.reduce((sum, stroke) => sum + stroke.length, 0);

  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    const unit = (value, size, most) => Math.min(most, Math.max(0, Math.round((value / size) * most)));
    return [unit(event.clientX - box.left, box.width, WIDTH), unit(event.clientY - box.top, box.height, HEIGHT)];
  };
  const add = (event) => {
    const [x, y] = place(event);
    const [lastX, lastY] = current.at(-1) ?? [-STEP, -STEP];
    if (Math.hypot(x - lastX, y - lastY) >= STEP && points() < MOST_POINTS) current.push([x, y]);
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary || event.button !== 0 || strokes.length >= MOST_STROKES) return;
    event.preventDefault();
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    current = [];
    strokes.push(current);
    add(event);
    paint();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!current || !event.isPrimary) return;
    for (const part of event.getCoalescedEvents?.() ?? []) add(part);
    add(event);
    paint();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => {
      current = null;
    });
  }

  /** Draws all lines anew, sharp on any screen and in the page's own colours. */
  function paint() {
    const box = canvas.getBoundingClientRect();
    if (!box.width) return;
    const scale = devicePixelRatio || 1;
    canvas.width = Math.round(box.width * scale);
    canvas.height = Math.round(box.height * scale);
    const pen = canvas.getContext("2d");
    pen.scale(canvas.width / WIDTH, canvas.height / HEIGHT);
    pen.strokeStyle = getComputedStyle(canvas).color;
    pen.lineWidth = 7;
    pen.lineCap = pen.lineJoin = "round";
    for (const [start, ...rest] of strokes.filter((stroke) => stroke.length)) {
      pen.beginPath();
      pen.moveTo(...start);
      for (const point of rest.length ? rest : [start]) pen.lineTo(...point);
      pen.stroke();
    }
  }

  new ResizeObserver(paint).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  const clear = h("button", { type: "button", class: "plain", onclick: () => {
    strokes.length = 0;
    paint();
  } }, say("mark.clear"));
  return {
    canvas, paint,
    strokes: () => strokes.filter((stroke) => stroke.length),
    element: h("div", null, label, canvas, clear),
  };
}
