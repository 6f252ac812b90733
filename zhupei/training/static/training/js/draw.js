// 我的签名: a pad to write on with finger, pen or mouse. What is written travels as the file of the form.
const form = document.querySelector("form[data-draw]");
const pad = form.querySelector(".pad");
const canvas = pad.querySelector("canvas");
const file = form.querySelector("input[type=file]");
const pen = canvas.getContext("2d");
const THICK = 5; // pixels of the canvas
let last = null;
let isWritten = false;

pad.hidden = false;
clear();

function clear() {
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  Object.assign(pen, { lineWidth: THICK, lineCap: "round", lineJoin: "round", strokeStyle: "#000" });
  isWritten = false;
}

function place(event) {
  const box = canvas.getBoundingClientRect();
  return [(event.clientX - box.left) * canvas.width / box.width, (event.clientY - box.top) * canvas.height / box.height];
}

function line(to) {
  pen.beginPath();
  pen.moveTo(...last);
  pen.lineTo(...to);
  pen.stroke();
  last = to;
  isWritten = true;
}

canvas.addEventListener("pointerdown", (event) => {
  event.preventDefault();
  canvas.setPointerCapture(event.pointerId);
  file.value = "";
  last = place(event);
  line(last);
});
canvas.addEventListener("pointermove", (event) => { if (last) line(place(event)); });
["pointerup", "pointercancel"].forEach((name) => canvas.addEventListener(name, () => { last = null; }));
pad.querySelector("[data-clear]").addEventListener("click", clear);
file.addEventListener("change", () => { if (file.files.length) clear(); });

form.addEventListener("submit", (event) => {
  if (!isWritten) return;
  event.preventDefault();
  canvas.toBlob((ink) => {
    const carried = new DataTransfer();
    carried.items.add(new File([ink], "签名.png", { type: "image/png" }));
    file.files = carried.files;
    isWritten = false;
    form.requestSubmit();
  }, "image/png");
});
