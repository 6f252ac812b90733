// Ticks .window output[data-deadline][data-now] by the server's clock; the words of the filter countdown.
const started = Date.now();

function left(milliseconds) {
  if (milliseconds < 0) return "已截止";
  const minutes = Math.floor(milliseconds / 60000);
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  if (days) return `${days} 天 ${hours} 小时 ${rest} 分`;
  if (hours) return `${hours} 小时 ${rest} 分`;
  return rest ? `${rest} 分` : "不到 1 分";
}

function tick() {
  document.querySelectorAll(".window output[data-deadline][data-now]").forEach((output) => {
    const now = Date.parse(output.dataset.now) + Date.now() - started;
    const text = left(Date.parse(output.dataset.deadline) - now);
    if (output.textContent !== text) output.textContent = text;
  });
}

setInterval(tick, 1000);
