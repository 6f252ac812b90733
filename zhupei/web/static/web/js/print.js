// 打印: the browser's own dialog. The button is hidden until this script is here to serve it.
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});
