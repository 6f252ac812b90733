// A button with data-dialog="ID" opens that dialog; <form method="dialog"> in it closes it.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-dialog]");
  if (button) document.getElementById(button.dataset.dialog).showModal();
});
