// 显示 / 隐藏 beside a password. The button is hidden until this script is here to serve it.
function ready(root) {
  root.querySelectorAll(".reveal > button[hidden]").forEach((button) => { button.hidden = false; });
}

ready(document);
document.addEventListener("htmx:afterSettle", (event) => ready(event.target));

document.addEventListener("click", (event) => {
  const button = event.target.closest(".reveal > button");
  if (!button) return;
  const input = button.parentElement.querySelector("input");
  const shown = input.type === "password";
  input.type = shown ? "text" : "password";
  button.textContent = shown ? "隐藏" : "显示";
  button.setAttribute("aria-pressed", shown);
});

// A shown password must not be offered by the browser as remembered text.
document.addEventListener("submit", (event) => {
  event.target.querySelectorAll(".reveal > input").forEach((input) => { input.type = "password"; });
});
