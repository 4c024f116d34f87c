// The tree by arrow keys: without this script it is a list of details that open by themselves.
const tree = document.querySelector("[data-tree]");

function lines() {
  return [...tree.querySelectorAll("summary")].filter((line) => line.offsetParent !== null);
}

function step(from, by) {
  const all = lines();
  const to = all[Math.min(all.length - 1, Math.max(0, all.indexOf(from) + by))];
  if (to) to.focus();
}

function pressed(event) {
  const line = event.target;
  if (!(line instanceof HTMLElement) || line.tagName !== "SUMMARY" || event.altKey || event.ctrlKey || event.metaKey) return;
  const unit = line.parentElement;
  const above = unit.parentElement.closest("details");
  const moves = {
    ArrowDown: () => step(line, 1),
    ArrowUp: () => step(line, -1),
    Home: () => step(line, -Infinity),
    End: () => step(line, Infinity),
    ArrowRight: () => (unit.open ? step(line, 1) : (unit.open = true)),
    ArrowLeft: () => (unit.open ? (unit.open = false) : above && above.querySelector("summary").focus()),
  };
  const move = moves[event.key];
  if (move) {
    event.preventDefault();
    move();
  }
}

if (tree) tree.addEventListener("keydown", pressed);
