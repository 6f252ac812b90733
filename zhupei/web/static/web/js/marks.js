// A box drawn on the picture for a finding, by mouse, finger or pen. It only fills in the four numbers of the
// form (per cent of the upright picture, from its left and top), which can as well be typed.
const one = (selector) => document.querySelector(selector);
const EDGES = ["left", "top", "width", "height"];
const SVG = "http://www.w3.org/2000/svg";
const WIDE = 1000; // units of the drawing, as the server's
const LEAST = 1; // per cent: anything smaller was a click

const field = (name) => one(`#mark-on [name=${name}]`);
const clamp = (value) => Math.min(100, Math.max(0, value));

// Where a point of the window lies in the picture, in per cent: back through the rotation and the margins.
function spot(picture, event) {
  const seen = picture.getBoundingClientRect();
  const turned = Number(picture.dataset.rotate || 0);
  const angle = (-turned * Math.PI) / 180;
  const scale = turned % 180 ? 0.7 : 1; // as in viewer.css
  const [dx, dy] = [event.clientX - seen.left - seen.width / 2, event.clientY - seen.top - seen.height / 2];
  const x = (dx * Math.cos(angle) - dy * Math.sin(angle)) / scale + picture.offsetWidth / 2;
  const y = (dx * Math.sin(angle) + dy * Math.cos(angle)) / scale + picture.offsetHeight / 2;
  const [width, height] = [Number(picture.dataset.width), Number(picture.dataset.height)];
  const fit = Math.min(picture.offsetWidth / width, picture.offsetHeight / height);
  return {
    x: clamp((100 * (x - (picture.offsetWidth - width * fit) / 2)) / (width * fit)),
    y: clamp((100 * (y - (picture.offsetHeight - height * fit) / 2)) / (height * fit)),
  };
}

function show() {
  document.querySelectorAll(".stage .drawn").forEach((old) => old.remove());
  const page = field("page");
  const picture = page && one(`.stage .pic[data-page="${page.value}"]`);
  const [left, top, width, height] = EDGES.map((name) => parseFloat(field(name)?.value));
  if (!picture || !(width > 0) || !(height > 0)) return;
  const tall = (WIDE * picture.dataset.height) / picture.dataset.width;
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", `0 0 ${WIDE} ${tall}`);
  drawing.setAttribute("class", "drawn");
  const box = document.createElementNS(SVG, "rect");
  Object.entries({ x: left * 10, y: (top * tall) / 100, width: width * 10, height: (height * tall) / 100 })
    .forEach(([name, value]) => box.setAttribute(name, value));
  drawing.append(box);
  picture.append(drawing);
}

function put(from, to) {
  const edges = [Math.min(from.x, to.x), Math.min(from.y, to.y), Math.abs(from.x - to.x), Math.abs(from.y - to.y)];
  EDGES.forEach((name, at) => { field(name).value = edges[at].toFixed(2); });
  show();
}

function drawing(on) {
  one(".stage")?.toggleAttribute("data-drawing", on);
  one("[data-do=draw]")?.setAttribute("aria-pressed", on);
}

let begun = null; // { picture, from, to }

// In the capture phase: the viewer pulls an enlarged picture about, and a box is no pull.
document.addEventListener("pointerdown", (event) => {
  const picture = event.target.closest(".stage[data-drawing] .pic[data-page]");
  if (!picture || event.button !== 0) return;
  event.preventDefault();
  event.stopPropagation();
  begun = { picture, from: spot(picture, event) };
  field("page").value = picture.dataset.page;
}, true);
document.addEventListener("pointermove", (event) => {
  if (!begun) return;
  begun.to = spot(begun.picture, event);
  put(begun.from, begun.to);
});
document.addEventListener("pointerup", () => {
  if (!begun) return;
  const { from, to } = begun;
  begun = null;
  if (!to || Math.abs(from.x - to.x) < LEAST || Math.abs(from.y - to.y) < LEAST) clear();
  else one("#mark-code").focus({ preventScroll: true });
  drawing(false);
});
document.addEventListener("pointercancel", () => { begun = null; });

function clear() {
  EDGES.forEach((name) => { field(name).value = ""; });
  show();
}

document.addEventListener("click", (event) => {
  const deed = event.target.closest("[data-do]")?.dataset.do;
  if (deed === "draw") drawing(!one(".stage").hasAttribute("data-drawing"));
  if (deed === "undraw") clear();
  if (deed === "compose") {
    one("#id_opinion").value = event.target.closest("[data-do]").dataset.words;
    one("#id_opinion").focus();
  }
});
document.addEventListener("input", (event) => {
  if (event.target.closest("#mark-on")) show();
});

// What needs this file is hidden until it is here.
function ready() {
  document.querySelectorAll("[data-drawing][hidden], [data-do=compose][hidden]").forEach((part) => { part.hidden = false; });
  show();
}
ready();
document.addEventListener("htmx:afterSettle", ready);
document.addEventListener("htmx:oobAfterSwap", ready);
