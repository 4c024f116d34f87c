// The target's field offers what the typed text can become (the combobox of the ARIA practices). Tab or → takes an
// offer and goes on below it, Enter takes it; Escape closes. Without scripts the browser's own list stays.

const PAUSE = 120; // milliseconds of silence before the server is asked
let counter = 0;

export function startPicker() {
  prepareAll();
  document.addEventListener("htmx:after:swap", prepareAll);
  document.addEventListener("click", useOffer);
}

function useOffer(event) {
  const button = event.target.closest?.("[data-fills]");
  const field = button && document.getElementById(button.dataset.fills);
  if (!field) return;
  field.value = button.value;
  field.focus();
}

function prepareAll() {
  for (const button of document.querySelectorAll("[data-fills][hidden]")) button.hidden = false;
  for (const field of document.querySelectorAll("[data-picker]:not([role])")) prepare(field);
}

function prepare(field) {
  const list = document.createElement("ul");
  list.id = `picks-${++counter}`;
  list.className = "picks";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.labels[0]?.textContent.trim() ?? "");
  list.hidden = true;
  field.removeAttribute("list");
  const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
  for (const [name, value] of Object.entries(attributes)) field.setAttribute(name, value);
  field.after(list);
  const state = { field, list, timer: 0, asked: 0 };
  field.addEventListener("input", () => later(state));
  field.addEventListener("focus", () => field.value === "" && later(state));
  field.addEventListener("blur", () => setTimeout(() => close(state), 150));
  field.addEventListener("keydown", (event) => pressed(state, event));
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    event.preventDefault();
    take(state, option, false);
  });
}

function later(state) {
  clearTimeout(state.timer);
  state.timer = setTimeout(() => ask(state), PAUSE);
}

async function ask(state) {
  const turn = ++state.asked;
  const address = `${state.field.dataset.picker}?typed=${encodeURIComponent(state.field.value)}`;
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok || turn !== state.asked) return;
  offer(state, await answer.json());
}

function offer(state, found) {
  const { field, list } = state;
  const known = found.length === 1 && found[0].text === field.value;
  list.replaceChildren(...(known ? [] : found.map((one, at) => option(list.id, one, at))));
  list.hidden = list.children.length === 0 || document.activeElement !== field;
  field.setAttribute("aria-expanded", String(!list.hidden));
  field.removeAttribute("aria-activedescendant");
}

function option(id, one, at) {
  const entry = document.createElement("li");
  entry.id = `${id}-${at}`;
  entry.setAttribute("role", "option");
  entry.setAttribute("aria-selected", "false");
  entry.dataset.text = one.text;
  entry.dataset.goesOn = one.goes_on ? "1" : "";
  const what = document.createElement("b");
  what.textContent = one.what;
  const text = document.createElement("span");
  text.textContent = one.text;
  entry.append(what, text);
  return entry;
}

function pressed(state, event) {
  const { list } = state;
  if (event.isComposing) return;
  if (list.hidden) {
    if (event.key === "ArrowDown") later(state);
    return;
  }
  const chosen = list.querySelector("[aria-selected=true]");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    move(state, chosen, event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter" && chosen) {
    take(state, chosen, false);
  } else if ((event.key === "Tab" && !event.shiftKey) || (event.key === "ArrowRight" && chosen)) {
    const one = chosen ?? (state.field.value ? list.firstElementChild : null);
    if (!one) return close(state);
    take(state, one, true);
  } else if (event.key === "Escape") {
    close(state);
  } else {
    return;
  }
  event.preventDefault();
}

function move(state, chosen, by) {
  const all = [...state.list.children];
  const at = chosen ? all.indexOf(chosen) + by : by > 0 ? 0 : all.length - 1;
  const next = all[(at + all.length) % all.length];
  chosen?.setAttribute("aria-selected", "false");
  next.setAttribute("aria-selected", "true");
  next.scrollIntoView({ block: "nearest" });
  state.field.setAttribute("aria-activedescendant", next.id);
}

// `on`: go on below what is taken; where nothing lies below, that is all
function take(state, option, on) {
  const further = on && option.dataset.goesOn;
  state.field.value = option.dataset.text + (further ? "-" : "");
  close(state);
  if (further) ask(state);
}

function close(state) {
  clearTimeout(state.timer);
  state.asked += 1;
  state.list.hidden = true;
  state.field.setAttribute("aria-expanded", "false");
  state.field.removeAttribute("aria-activedescendant");
}
