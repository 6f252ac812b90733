// 个人中心: every field saves itself when it is changed. The server answers with the fields as they are now
// (200, or 422 with what is wrong); what is typed in a box is never taken away. A field that is not stored
// says so, is sent along with the next one of its form, and is tried again when the connection comes back.
// Without this file the button of the section saves it.
const IDLE = 3000; // milliseconds without a key after which a half-typed text is saved, too
const PATIENCE = 20000; // milliseconds until an answer counts as lost
const WAITS = [2, 5, 10, 20]; // seconds between two tries

const state = document.querySelector("#save-state");
const icons = () => document.querySelector("use").getAttribute("href").split("#")[0];
const controls = (form) => [...form.elements].filter((control) => control.matches(".field input:not([type=hidden]), .field select, .field textarea"));
const forms = () => document.querySelectorAll("form[data-autosave]");
const field = (control) => control.closest(".field");
const label = (control) => field(control).querySelector("label[for], .choice span").firstChild.textContent.trim();

const busy = new WeakSet(); // forms with an answer outstanding
const again = new WeakSet(); // forms in which something changed meanwhile
const tries = new WeakMap(); // form: how often in a row there was no answer
const timers = new WeakMap(); // form: the next try
let trouble = ""; // why nothing gets through
let savedAt = ""; // by the server's clock
let leaving = null; // the form that is being handed in

// --- What is stored, what is not -------------------------------------------------------------------

const value = (control) => (control.type === "checkbox" ? (control.checked ? "on" : "") : control.value);

function stored(control) {
  if (control.type === "checkbox") return control.defaultChecked ? "on" : "";
  if (control.options) return ([...control.options].find((option) => option.defaultSelected) || control.options[0]).value;
  return control.defaultValue;
}

const refused = (control) => field(control).querySelector('[data-save="unsaved"]') !== null;
const unsaved = (control) => value(control) !== stored(control) || refused(control);

// From now on this is what the page was loaded with; the browser need not remember it when one comes back.
function settle(control, sent) {
  if (control.type === "checkbox") control.defaultChecked = sent === "on";
  else if (control.options) [...control.options].forEach((option) => { option.defaultSelected = option.value === sent; });
  else {
    control.defaultValue = sent;
    if (!control.dataset.known) control.dataset.known = control.getAttribute("autocomplete") || "on";
    control.autocomplete = "off";
  }
}

// --- What the page says --------------------------------------------------------------------------------

function say(place, tone, symbol, text) {
  place.dataset.tone = tone;
  place.innerHTML = `<svg class="icon" aria-hidden="true"><use href="${icons()}#${symbol}"/></svg><span></span>`;
  place.lastChild.textContent = text;
}

// Beside the label of one field.
function mark(control, tone, symbol, text, save) {
  const row = field(control).querySelector(".labelrow");
  let place = row.querySelector(".save");
  if (!place) {
    row.querySelectorAll(".mark").forEach((old) => old.remove());
    place = document.createElement("span");
    place.className = "save";
    row.append(place);
  }
  place.dataset.save = save;
  say(place, tone, symbol, text);
}

function overall() {
  const open = [...forms()].flatMap(controls).filter(unsaved);
  if ([...forms()].some((form) => busy.has(form)) && !trouble) return say(state, "brand", "history", "正在保存…");
  if (!open.length) {
    trouble = "";
    return savedAt ? say(state, "good", "check", `已保存 ${savedAt}`) : undefined;
  }
  const names = open.slice(0, 3).map(label).join("、") + (open.length > 3 ? `等 ${open.length} 项` : "");
  const rest = savedAt && !trouble ? `，其余已保存 ${savedAt}` : "";
  say(state, "wait", "warn", `${names}未保存${trouble ? `：${trouble}` : rest}`);
  if (trouble.startsWith("登录已过期")) {
    const link = document.createElement("a");
    Object.assign(link, { href: state.dataset.login, target: "_blank", rel: "noopener", textContent: "在新窗口重新登录" });
    state.append(link);
  }
}

// Put the answer around the box: label, state, sentences. The box itself, and what is in it, stays.
function merge(control, fresh) {
  const old = field(control);
  const twin = fresh.querySelector(`[name="${control.name}"]:not([type=hidden])`);
  const kept = [...old.children].find((child) => child.contains(control));
  const place = [...fresh.children].find((child) => child.contains(twin));
  for (const name of ["aria-invalid", "aria-describedby", "data-state"]) {
    if (twin.hasAttribute(name)) control.setAttribute(name, twin.getAttribute(name));
    else control.removeAttribute(name);
  }
  if (kept.matches(".labelrow")) { // a tick stands in the row of its label
    kept.querySelectorAll(".save, .mark").forEach((aside) => aside.remove());
    kept.append(...place.querySelectorAll(".save, .mark"));
  }
  [...old.children].forEach((child) => { if (child !== kept) child.remove(); });
  let before = true;
  [...fresh.children].forEach((child) => {
    if (child === place) before = false;
    else if (before) kept.before(document.importNode(child, true));
    else old.append(document.importNode(child, true));
  });
  return twin;
}

// --- Save ------------------------------------------------------------------------------------------------

async function save(form) {
  clearTimeout(timers.get(form));
  if (busy.has(form)) return void again.add(form);
  const sent = new Map(controls(form).filter(unsaved).map((control) => [control, value(control)]));
  if (!sent.size) return void overall();
  const body = new URLSearchParams();
  form.querySelectorAll("input[type=hidden]").forEach((input) => { if (!input.closest(".field")) body.set(input.name, input.value); });
  sent.forEach((text, control) => {
    body.set(control.name, text);
    mark(control, "brand", "history", "正在保存…", refused(control) ? "unsaved" : "");
  });
  busy.add(form);
  overall();
  const problem = await send(form, body, sent);
  busy.delete(form);
  sent.forEach((_, control) => {
    const place = field(control).querySelector(".save");
    if (place && place.textContent === "正在保存…") mark(control, "wait", "warn", "未保存", problem ? "" : "unsaved");
  });
  trouble = problem || "";
  if (!problem) tries.delete(form);
  if (again.delete(form)) save(form);
  else if (problem) later(form);
  overall();
}

// "" when the server has spoken about the fields; otherwise why it has not.
async function send(form, body, sent, renewed = false) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), PATIENCE);
  let answer, text;
  try {
    answer = await fetch(form.action, {
      method: "POST", body, headers: { "HX-Request": "true" }, credentials: "same-origin", redirect: "manual",
      keepalive: body.toString().length < 60000, signal: abort.signal,
    });
    text = await answer.text();
  } catch (error) {
    return "连接不上服务器，恢复后会自动保存";
  } finally {
    clearTimeout(timer);
  }
  if (answer.status === 200 || answer.status === 422) return take(text, sent);
  const token = answer.headers.get("X-CSRFToken");
  if (token && !renewed) { // signed in again in another window, as the same person
    document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((input) => { input.value = token; });
    body.set("csrfmiddlewaretoken", token);
    return send(form, body, sent, true);
  }
  if (answer.status === 401) return "登录已过期，";
  if (answer.status === 403) return text.slice(0, 60);
  return answer.status >= 500 ? "服务器正忙，会自动重试" : `服务器没有收下 (${answer.status})`;
}

function take(text, sent) {
  const answer = new DOMParser().parseFromString(text, "text/html").querySelector("[data-at]");
  if (!answer) return "服务器的回答看不懂，请刷新页面";
  const boxes = new Map([...answer.querySelectorAll(".field [name]:not([type=hidden])")].map((box) => [box.name, box]));
  boxes.forEach((box, name) => {
    const control = document.getElementsByName(name)[document.getElementsByName(name).length - 1];
    const came = sent.get(control);
    if (came === undefined && unsaved(control)) return; // something newer is typed there
    const twin = merge(control, box.closest(".field"));
    if (came === undefined || refused(control)) return;
    if (value(control) === came && document.activeElement !== control && !control.options && control.type !== "checkbox") {
      control.value = twin.value; // in its normal form: +86 138… becomes 138…
      settle(control, control.value);
    } else settle(control, came);
    if (unsaved(control)) mark(control, "wait", "warn", "未保存", "");
  });
  const problem = answer.querySelector("[data-problem]");
  savedAt = answer.dataset.at;
  return problem ? problem.textContent : "";
}

function later(form) {
  const count = tries.get(form) || 0;
  tries.set(form, count + 1);
  timers.set(form, setTimeout(save, WAITS[Math.min(count, WAITS.length - 1)] * 1000, form));
}

const saveAll = () => forms().forEach((form) => { if (controls(form).some((control) => value(control) !== stored(control))) save(form); });

// --- When ----------------------------------------------------------------------------------------------------

const mine = (target) => (target.closest && target.closest("form[data-autosave]") && field(target) ? target.form : null);

document.addEventListener("input", (event) => {
  const form = mine(event.target);
  if (!form || event.target.type === "checkbox" || event.target.options) return;
  const box = event.target;
  if (box.dataset.known === "on") box.removeAttribute("autocomplete");
  else if (box.dataset.known) box.autocomplete = box.dataset.known;
  if (value(box) !== stored(box)) mark(box, "wait", "warn", "未保存", refused(box) ? "unsaved" : "");
  overall();
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(save, IDLE, form));
});

document.addEventListener("change", (event) => {
  const form = mine(event.target);
  if (form) save(form);
});

// The button: what is not stored goes again; a new 教育经历 then gets its own place on a fresh page.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-autosave]")) return;
  if (event.submitter && event.submitter.hasAttribute("formaction")) return void (leaving = form); // takes all of it along
  event.preventDefault();
  const isNew = form.elements.row !== undefined;
  if (isNew && controls(form).every((control) => !value(control))) return void controls(form)[0].focus();
  await save(form);
  while (busy.has(form)) await new Promise((resolve) => { setTimeout(resolve, 100); });
  const wrong = controls(form).find(unsaved);
  if (wrong) wrong.focus();
  else if (isNew && ![...forms()].flatMap(controls).some(unsaved)) location.assign(`${location.pathname}${location.search}#education`), location.reload();
  else if (!savedAt) say(state, "good", "check", "已保存");
});

// A link that is followed at once waits for what is on its way: if all of it is stored, nobody is asked.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[href]:not([target])");
  if (!link || link.getAttribute("href").startsWith("#") || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const isBusy = () => [...forms()].some((form) => busy.has(form));
  if (!isBusy()) return;
  event.preventDefault();
  const until = Date.now() + IDLE;
  while (isBusy() && Date.now() < until) await new Promise((resolve) => { setTimeout(resolve, 50); });
  location.assign(link.href);
});

addEventListener("online", saveAll);
addEventListener("focus", saveAll);
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") saveAll(); });
addEventListener("pageshow", () => { leaving = null; saveAll(); overall(); }); // what the browser put back into the boxes
addEventListener("beforeunload", (event) => {
  if ([...forms()].filter((form) => form !== leaving).flatMap(controls).some(unsaved)) event.preventDefault();
});
