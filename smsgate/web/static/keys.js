// Shortcuts of one letter. They can be switched off (WCAG 2.2, 2.1.4), and never act while somebody types.

const DOES = {
  p: () => document.getElementById("live-pause")?.click(),
  n: () => document.querySelector(".place-new")?.click(),
  s: () => document.getElementById("find")?.focus(),
  "/": () => {
    // the page's own filter, where it has one, else the search of the bar
    const fold = document.querySelector(".log-filter");
    if (fold) fold.open = true;
    (document.querySelector("#f-q, main [type=search]") ?? document.getElementById("find"))?.focus();
  },
};

export function startKeys() {
  const button = document.getElementById("letters");
  if (button) show(button);
  button?.addEventListener("click", () => {
    switchLetters(!lettersOn());
    show(button);
  });
  document.addEventListener("keydown", pressed);
}

/** Whether single letters act: on every page, or on none. */
export function lettersOn() {
  return localStorage.getItem("keys") !== "0";
}

export function switchLetters(on) {
  localStorage.setItem("keys", on ? "1" : "0");
}

function show(button) {
  button.setAttribute("aria-pressed", lettersOn());
  button.textContent = lettersOn() ? button.dataset.on : button.dataset.off;
}

/** Ctrl+Enter in a text of several lines presses the form's first button. The editor of the chart has keys of its own. */
function sent(event) {
  const button = event.target.closest?.("textarea")?.form?.querySelector("[type=submit]");
  if (!button || event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return false;
  event.preventDefault();
  button.click();
  return true;
}

/** Escape leaves a search field and the log's filters; what is written there stays. The queue sees to its own. */
function left(event) {
  const field = event.target.closest?.("[type=search], .log-filter :is(input, select)");
  if (!field || event.key !== "Escape" || event.isComposing || document.getElementById("queue")) return false;
  event.preventDefault();
  field.blur();
  return true;
}

function pressed(event) {
  if (sent(event) || left(event)) return;
  if (!lettersOn() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.composedPath()[0].closest?.("input, textarea, select, [contenteditable]")) return;
  const act = DOES[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
}
