// Time left and the time of day, ticking by the server's clock in the chart's zone.

const root = document.documentElement;
let ahead = Number(root.dataset.now) - Date.now();
const wallClock = new Intl.DateTimeFormat("en-GB", {
  timeZone: root.dataset.zone,
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hour12: false,
});

/** The server says what time it is. */
export function setTime(now) {
  ahead = now - Date.now();
}

export function startClocks() {
  tick();
  setInterval(tick, 1000);
}

export function tick() {
  const now = Date.now() + ahead;
  const shown = document.getElementById("now");
  if (shown) shown.textContent = wallClock.format(now);
  for (const clock of document.querySelectorAll(".due.is-running .left")) show(clock, Number(clock.dataset.due) - now);
}

function show(clock, left) {
  const late = left < 0;
  const word = clock.querySelector(".left-word");
  clock.closest(".due").classList.toggle("is-late", late);
  word.textContent = late ? word.dataset.over : word.dataset.left;
  clock.querySelector(".left-time").textContent = written(left);
}

// as Speech.left writes it
function written(left) {
  const all = Math.floor(Math.abs(left) / 1000);
  const [hours, minutes, seconds] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60].map(Number);
  const two = (number) => String(number).padStart(2, "0");
  if (hours >= 48) return `${Math.floor(hours / 24)}d ${two(hours % 24)}:${two(minutes)}`;
  return hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${two(minutes)}:${two(seconds)}`;
}
