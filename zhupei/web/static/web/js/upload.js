// Upload slots: send at once, with progress, one file after the other. Without this file the same
// form is sent by its own button. The server answers with the slot (200, or 422 with what is wrong).
const LONGEST = 2400; // pixels of the longer side after shrinking
const SHORTEST = 626; // pixels the shorter side keeps: no picture becomes too small for its rule
const MIB = 1024 * 1024; // bytes
const SHRINKS = ["image/jpeg", "image/png", "image/heic", "image/heif"]; // the last two where the browser can
const SHEAF = /\.(pdf|tiff?)$/i; // may have many pages: the server takes a moment

const mib = (bytes) => (bytes / MIB).toFixed(1);

// --- Make a photo smaller before it travels ----------------------------------------------------

async function shrunk(file) {
  if (!SHRINKS.includes(file.type)) return file;
  const picture = new Image();
  picture.src = URL.createObjectURL(file);
  try {
    await picture.decode(); // upright: the browser follows the EXIF rotation
    return (await smaller(picture)) || file;
  } catch (error) {
    return file; // not a picture after all: the server says so in its own words
  } finally {
    URL.revokeObjectURL(picture.src);
  }
}

async function smaller(picture) {
  const { naturalWidth: width, naturalHeight: height } = picture;
  const scale = Math.max(LONGEST / Math.max(width, height), SHORTEST / Math.min(width, height));
  if (scale >= 1) return null;
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff"; // a transparent PNG lies on paper
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.88));
}

// --- What the slot shows meanwhile -----------------------------------------------------------------

const icons = () => document.querySelector("use").getAttribute("href").split("#")[0];

function status(slot, state, symbol, text) {
  const badge = slot.querySelector(".status") || slot.querySelector(".slot-acts").previousElementSibling;
  badge.className = "status";
  badge.dataset.state = state;
  badge.innerHTML = `<svg class="icon" aria-hidden="true"><use href="${icons()}#${symbol}"/></svg><span></span>`;
  badge.lastChild.textContent = text;
  slot.dataset.state = state;
}

function button(text, press) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "textbutton";
  made.textContent = text;
  made.addEventListener("click", press);
  return made;
}

// The box below the status, emptied.
function box(slot) {
  let found = slot.querySelector(".slot-progress");
  if (!found) {
    found = document.createElement("div");
    found.className = "slot-progress";
    slot.querySelector(".slot-acts").before(found);
  }
  found.textContent = "";
  return found;
}

const originals = new WeakMap(); // slot: as it was before, for 取消 and 放弃

function begin(slot) {
  if (!originals.has(slot)) originals.set(slot, slot.cloneNode(true));
  slot.querySelectorAll(".error, .flaws").forEach((error) => error.remove());
  slot.dataset.busy = "on";
}

function restore(slot) {
  const original = originals.get(slot);
  original.querySelectorAll("form").forEach((form) => form.reset()); // a clone keeps the chosen file
  put(original, slot);
}

function put(slot, old) {
  old.replaceWith(slot);
  if (window.htmx) window.htmx.process(slot);
  if (document.activeElement === document.body) (slot.querySelector("[type=file], a") || document.body).focus({ preventScroll: true });
}

// One line for screen readers, when something has ended.
function say(text) {
  let line = document.querySelector("#upload-said");
  if (!line) {
    document.body.insertAdjacentHTML("beforeend", '<p class="vh" id="upload-said" role="status"></p>');
    line = document.querySelector("#upload-said");
  }
  line.textContent = text;
}

// --- Send ----------------------------------------------------------------------------------------------

// Resolves with the slot the server answered; with null when cancelled or failed (the slot says why).
function send(slot, form, mode, file, count) {
  return new Promise((resolve) => {
    const fields = new FormData(form);
    fields.set("mode", mode);
    fields.delete("pictures");
    fields.append("pictures", file.blob, file.name);

    const request = new XMLHttpRequest();
    const progress = document.createElement("progress");
    progress.max = 100;
    progress.value = 0;
    progress.setAttribute("aria-label", `${slot.dataset.name} 上传进度`);
    const show = (text) => status(slot, "uploading", "up", `上传中${count} ${text}`);
    const fail = (text) => {
      status(slot, "blocked", "bad", `${text}，没有上传。文件还在，可以重试`);
      say(`${slot.dataset.name}：${text}，没有上传`);
      box(slot).append(
        button("重试", () => { begin(slot); resolve(send(slot, form, mode, file, count)); }), " ",
        button("放弃", () => { restore(slot); resolve(null); }),
      );
    };

    request.upload.addEventListener("progress", (event) => {
      const part = Math.floor((event.loaded / event.total) * 100);
      progress.value = part;
      const arrived = SHEAF.test(file.name) ? "已送达，正在逐页转成 JPG" : "已送达，正在检查";
      show(part < 100 ? `${part}% · ${mib(event.loaded)} / ${mib(event.total)} MB` : arrived);
    });
    request.addEventListener("load", () => {
      const answer = answered(request);
      if (!answer) return fail(complaint(request));
      put(answer, slot);
      say(`${answer.dataset.name}：${answer.querySelector(".status, .error").textContent}`);
      return resolve(answer);
    });
    request.addEventListener("error", () => fail("网络中断"));
    request.addEventListener("abort", () => { restore(slot); resolve(null); });

    request.open("POST", form.action);
    request.setRequestHeader("HX-Request", "true");
    begin(slot);
    show("0%");
    box(slot).append(progress, button("取消", () => request.abort()));
    request.send(fields);
  });
}

// The slot in the answer, if the answer is one: not the sign-in page behind a redirect, not an error page.
function answered(request) {
  if (request.status !== 200 && request.status !== 422) return null;
  const parsed = new DOMParser().parseFromString(request.responseText, "text/html");
  const first = parsed.body.firstElementChild;
  return first && first.matches(".slot") ? document.importNode(first, true) : null;
}

function complaint(request) {
  if (request.status === 413) return "文件太大";
  if (request.status === 507) return "服务器磁盘已满，请稍后再试";
  if ([401, 403].includes(request.status) || request.status < 400) return "登录已过期，请在新窗口重新登录";
  return `服务器没有收下 (${request.status})`;
}

async function upload(form, files) {
  let slot = form.closest(".slot");
  let mode = form.elements.mode.value;
  for (let at = 0; at < files.length && slot; at += 1) {
    begin(slot);
    const count = files.length > 1 ? ` ${at + 1}/${files.length}` : "";
    status(slot, "uploading", "up", `正在准备${count}`);
    const blob = await shrunk(files[at]);
    slot = await send(slot, form, mode, { blob, name: files[at].name }, count);
    mode = "add"; // the first may replace what was there, the others lie behind it
    if (slot && slot.querySelector(".error")) break; // refused: say it before sending more
  }
}

// --- By choosing, by dropping ----------------------------------------------------------------------

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-upload]");
  if (form && event.target.type === "file" && event.target.files.length) upload(form, [...event.target.files]);
});

const target = (event) => {
  const slot = event.target instanceof Element && event.target.closest(".slot");
  return slot && !slot.dataset.busy && slot.querySelector("form[data-upload]") ? slot : null;
};
const clear = () => document.querySelectorAll("[data-drop]").forEach((slot) => slot.removeAttribute("data-drop"));

document.addEventListener("dragover", (event) => {
  if (!event.dataTransfer.types.includes("Files")) return;
  event.preventDefault(); // also beside a slot: a photo dropped there must not replace the page
  const slot = target(event);
  event.dataTransfer.dropEffect = slot ? "copy" : "none";
  clear();
  if (slot) slot.dataset.drop = "on";
});
document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) clear(); });
document.addEventListener("drop", (event) => {
  if (!event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  clear();
  const slot = target(event);
  if (!slot || !event.dataTransfer.files.length) return;
  const form = slot.querySelector("form[data-upload]");
  const files = [...event.dataTransfer.files];
  upload(form, form.elements.pictures.multiple ? files : files.slice(0, 1));
});
