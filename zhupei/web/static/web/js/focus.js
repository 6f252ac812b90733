// The error summary takes the focus; a select with data-autosubmit sends its form: at once when it was
// chosen with the mouse, with Enter or on leaving it by keyboard, whose arrows pass through every choice.
const find = (root) => {
  const summary = root.querySelector(".summary[tabindex]");
  if (summary) summary.focus();
};

find(document);
document.addEventListener("htmx:afterSettle", (event) => find(event.target));

let byKeyboard = false;
const waits = (select) => select.matches?.("[data-autosubmit][data-changed]");
const send = (select) => {
  delete select.dataset.changed;
  select.form.requestSubmit();
};

document.addEventListener("pointerdown", () => { byKeyboard = false; });
document.addEventListener("keydown", (event) => {
  byKeyboard = true;
  if (event.key === "Enter" && waits(event.target)) send(event.target);
});
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-autosubmit]")) return;
  if (byKeyboard) event.target.dataset.changed = "";
  else send(event.target);
});
document.addEventListener("focusout", (event) => {
  if (waits(event.target)) send(event.target);
});
