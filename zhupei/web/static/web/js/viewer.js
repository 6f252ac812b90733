// The picture viewer: zoom, rotate, pan, compare, and keys. A key presses the button or link that says
// data-do="…" (or data-key="…"), so nothing needs a key; those this file does not know (总览, 通过, …) act by
// themselves, and a field takes the focus.
const ZOOMS = ["fit", "150", "200", "300"]; // per cent of the window; the widths are in viewer.css
const KEYS = {
  j: "next", k: "prev", "+": "zoomin", "=": "zoomin", "-": "zoomout", 0: "fit", r: "turn", R: "turnback",
  c: "compare", g: "sheet", d: "changed", f: "find", o: "opinion", P: "pass", X: "fail", "/": "search", "?": "keys",
};

const one = (selector) => document.querySelector(selector);
const pictures = () => document.querySelectorAll(".stage .pic");

function zoom(step) {
  const stage = one(".stage");
  const at = ZOOMS.indexOf(stage.dataset.zoom || "fit");
  const to = step === 0 ? 0 : Math.min(ZOOMS.length - 1, Math.max(0, at + step));
  const middles = [...document.querySelectorAll(".stage .pan")].map((pan) => ({
    x: (pan.scrollLeft + pan.clientWidth / 2) / pan.scrollWidth,
    y: (pan.scrollTop + pan.clientHeight / 2) / pan.scrollHeight,
  }));
  stage.dataset.zoom = ZOOMS[to];
  pictures().forEach((picture) => {
    picture.dataset.zoom = ZOOMS[to];
  });
  document.querySelectorAll(".stage .pan").forEach((pan, at) => {
    pan.toggleAttribute("data-grab", to > 0);
    pan.scrollTo(middles[at].x * pan.scrollWidth - pan.clientWidth / 2, middles[at].y * pan.scrollHeight - pan.clientHeight / 2);
  });
}

function turn(degrees) {
  pictures().forEach((picture) => {
    picture.dataset.rotate = (Number(picture.dataset.rotate || 0) + degrees + 360) % 360;
  });
}

function compare(button) {
  const stage = one(".stage");
  const on = stage.dataset.compare !== "on";
  stage.dataset.compare = on ? "on" : "off";
  button.setAttribute("aria-pressed", on);
}

// The list of items is made of links: following the neighbour is all there is to it.
function go(step) {
  const items = [...document.querySelectorAll(".bench-items a")];
  const item = items[items.findIndex((link) => link.hasAttribute("aria-current")) + step];
  if (!item) return;
  item.scrollIntoView({ block: "nearest" });
  item.click();
}

const ACTS = {
  zoomin: () => zoom(1), zoomout: () => zoom(-1), fit: () => zoom(0), turn: () => turn(90), turnback: () => turn(-90),
  compare, next: () => go(1), prev: () => go(-1), keys: () => one("dialog#keys").showModal(),
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button && !button.href && ACTS[button.dataset.do]) ACTS[button.dataset.do](button);
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input:not([type=checkbox]):not([type=radio]), select, textarea");
  if (event.ctrlKey || event.metaKey || event.altKey || typing || one("dialog[open]")) return;
  const name = KEYS[event.key];
  const target = one(`[data-do="${name}"], [data-key="${name}"]`);
  if (!target) return;
  event.preventDefault();
  if (target.matches("input, select, textarea")) target.focus();
  else target.click();
});

// Pan: pull the picture about with the mouse; fingers and arrow keys scroll the pane anyway.
let pulled = null;

document.addEventListener("pointerdown", (event) => {
  const pan = event.target.closest(".pan[data-grab]");
  if (!pan || event.pointerType !== "mouse" || event.button !== 0) return;
  event.preventDefault(); // no dragging of the image itself
  pulled = { pan, x: event.clientX + pan.scrollLeft, y: event.clientY + pan.scrollTop };
  pan.dataset.grab = "on";
  pan.focus({ preventScroll: true });
});
document.addEventListener("pointermove", (event) => {
  if (pulled) pulled.pan.scrollTo(pulled.x - event.clientX, pulled.y - event.clientY);
});
document.addEventListener("pointerup", () => {
  if (pulled) pulled.pan.dataset.grab = "";
  pulled = null;
});
document.addEventListener("dragstart", (event) => {
  if (event.target.closest(".stage")) event.preventDefault();
});
