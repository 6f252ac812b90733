// Says how large the picture is that was just taken, before it is sent. upload.js makes it smaller and sends it.
const SHORT = 413; // pixels of the shorter side, at least
const LONG = 626; // of the longer

async function hint(file) {
  const picture = new Image();
  picture.src = URL.createObjectURL(file);
  try {
    await picture.decode();
  } catch (error) {
    return "";
  } finally {
    URL.revokeObjectURL(picture.src);
  }
  const sides = [picture.naturalWidth, picture.naturalHeight].sort((one, other) => one - other);
  const size = `${picture.naturalWidth}×${picture.naturalHeight}，${(file.size / 1048576).toFixed(1)} MB`;
  if (sides[0] < SHORT || sides[1] < LONG) return `这张只有 ${size}，太小了，请靠近一些重拍`;
  return `这张 ${size}${sides[1] > 2400 ? "，已缩小后发送" : ""}`;
}

document.addEventListener("change", async (event) => {
  if (event.target.type !== "file" || !event.target.files.length) return;
  const said = await hint(event.target.files[event.target.files.length - 1]);
  const line = document.querySelector("#hint");
  if (line) line.textContent = said;
});
