// A sent form says so and does not send again. The server does each deed once anyway (web.once);
// this is for the eye. Forms that htmx or upload.js took over are theirs; data-repeat is left alone.
const PATIENCE = 15000; // milliseconds after which a form may be sent again: the answer is lost

function release(form) {
  form.removeAttribute("aria-busy");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-repeat")) return;
  if (form.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    return;
  }
  form.setAttribute("aria-busy", "true");
  setTimeout(release, PATIENCE, form);
});

// Back from the next page: the browser shows this one as it was left.
addEventListener("pageshow", () => document.querySelectorAll("form[aria-busy]").forEach(release));
