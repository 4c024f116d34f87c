// The list of tickets: ticking all, how many are ticked, and the list itself anew when something has moved. While
// tickets are ticked it stays as it is, and only says that it has changed.

const PAUSE = 1500; // milliseconds after a hop: a storm of them is one look

let timer = 0;

export function startWorklist() {
  if (!document.getElementById("ticket-list")) return;
  prepare();
  document.addEventListener("change", (event) => event.target.closest("#together") && ticked(event.target));
  document.addEventListener("htmx:after:swap", prepare);
  document.addEventListener("stream:hop", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
}

function prepare() {
  const all = document.getElementById("all");
  if (all) all.hidden = false;
  count();
}

function boxes() {
  return [...document.querySelectorAll("#together [name=t]")];
}

function ticked(box) {
  if (box.id === "all") for (const one of boxes()) one.checked = box.checked;
  count();
}

function count() {
  const many = boxes().filter((box) => box.checked).length;
  const shown = document.getElementById("picked");
  if (shown) shown.textContent = many || "";
  document.getElementById("together-bar")?.classList.toggle("is-idle", many === 0);
}

function look() {
  const busy = boxes().some((box) => box.checked) || document.activeElement?.closest("#together-bar");
  if (busy) {
    document.getElementById("list-news").hidden = false;
    return;
  }
  htmx.ajax("GET", location.href, { target: "#ticket-list", select: "#ticket-list", swap: "outerHTML" }).catch(() => {});
}
