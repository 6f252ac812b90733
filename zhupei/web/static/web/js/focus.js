// The error summary takes the focus; a select with data-autosubmit sends its form.
const find = (root) => {
  const summary = root.querySelector(".summary[tabindex]");
  if (summary) summary.focus();
};

find(document);
document.addEventListener("htmx:afterSettle", (event) => find(event.target));

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit();
});
