// The frame on a portrait: dragged with mouse or finger, moved with the arrow keys, sized with + and -.
// It only writes the numbers of the form below; without this file they are typed.
const form = document.querySelector("[data-crop-form]");
const STEP = 0.5; // per cent of the picture a key press

const field = (name) => form.elements[name];
const number = (name) => Number(field(name).value) || 0;

function set(name, value) {
  field(name).value = Math.max(Number(field(name).min), Math.min(Number(field(name).max), value)).toFixed(1);
}

// The frame as the numbers say: the server draws it the same way.
function draw(svg) {
  const { width, height } = svg.viewBox.baseVal;
  const frame = svg.querySelector(".cropline");
  frame.setAttribute("x", (number("left") / 100) * width);
  frame.setAttribute("y", (number("top") / 100) * height);
  frame.setAttribute("width", (number("width") / 100) * width);
  frame.setAttribute("height", ((number("width") / 100) * width * 626) / 413);
}

const tell = () => field("width").dispatchEvent(new Event("change", { bubbles: true }));

function size(svg, by) {
  const { width, height } = svg.viewBox.baseVal;
  const before = number("width");
  set("width", before + by);
  const grown = number("width") - before; // about its middle
  set("left", number("left") - grown / 2);
  set("top", number("top") - ((grown / 2) * width * 626) / 413 / height);
}

const keys = {
  ArrowLeft: () => set("left", number("left") - STEP),
  ArrowRight: () => set("left", number("left") + STEP),
  ArrowUp: () => set("top", number("top") - STEP),
  ArrowDown: () => set("top", number("top") + STEP),
  "+": (svg) => size(svg, 2 * STEP),
  "=": (svg) => size(svg, 2 * STEP),
  "-": (svg) => size(svg, -2 * STEP),
};

document.addEventListener("keydown", (event) => {
  const svg = event.target.closest && event.target.closest("[data-crop]");
  if (!svg || !form || !keys[event.key]) return;
  event.preventDefault();
  keys[event.key](svg);
  draw(svg);
  tell();
});

let held = null; // the frame under the finger: where it was, in per cent

document.addEventListener("pointerdown", (event) => {
  const svg = event.target.closest("[data-crop]");
  if (!svg || !form) return;
  event.preventDefault();
  svg.setPointerCapture(event.pointerId);
  held = { svg, x: event.clientX, y: event.clientY, left: number("left"), top: number("top") };
});
document.addEventListener("pointermove", (event) => {
  if (!held) return;
  const box = held.svg.getBoundingClientRect();
  set("left", held.left + ((event.clientX - held.x) / box.width) * 100);
  set("top", held.top + ((event.clientY - held.y) / box.height) * 100);
  draw(held.svg);
});
document.addEventListener("pointerup", () => {
  if (held) tell();
  held = null;
});
document.addEventListener("pointercancel", () => { held = null; });
