// The desk's queue by keyboard: j and k choose, Enter opens, letters act. Nothing works by a key alone: each presses or
// focuses what is on the page. Single letters can be switched off, and mean nothing while somebody types.
import { lettersOn, switchLetters } from "./keys.js";

export function startQueue() {
  const queue = document.getElementById("queue");
  if (!queue) return;
  document.addEventListener("keydown", pressed);
  document.addEventListener("click", useOffer);
  document.addEventListener("htmx:before:swap", remember);
  document.addEventListener("htmx:after:swap", restore);
  offerSwitch();
  const pane = document.getElementById("pane-title");
  const wrong = document.getElementById("queue-error");
  if (wrong) {
    wrong.tabIndex = -1;
    wrong.focus();
  } else if (pane) pane.focus();
  else document.querySelector(".queue-item")?.focus({ preventScroll: true });
}

function pressed(event) {
  if (event.key === "Escape" && document.activeElement?.matches("input, textarea, select")) {
    (document.getElementById("pane-title") ?? document.querySelector(".queue-item"))?.focus();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !lettersOn()) return;
  if (event.composedPath()[0].closest?.("input:not([type=checkbox]), textarea, select")) return;
  const act = event.key === "j" ? () => move(1) : event.key === "k" ? () => move(-1) : named(event.key);
  if (!act) return;
  event.preventDefault();
  act();
}

function named(key) {
  if (!/^[a-z]$/.test(key)) return null;
  const button = document.querySelector(`[data-key="${key}"]`);
  if (button) return () => button.click();
  const field = document.querySelector(`[data-key-focus="${key}"]`);
  return field && (() => field.focus());
}

function move(by) {
  const items = [...document.querySelectorAll(".queue-item")];
  if (!items.length) return;
  const focused = items.indexOf(document.activeElement);
  const current = focused >= 0 ? focused : items.findIndex((item) => item.hasAttribute("aria-current"));
  const next = current < 0 ? 0 : Math.min(items.length - 1, Math.max(0, current + by));
  items[next].focus();
}

// the list comes anew every few seconds: who stands on an item stays on it
let stood = null;

function remember() {
  const item = document.activeElement?.closest?.("#queue-list .queue-item");
  stood = item ? item.dataset.item : null;
}

function restore() {
  if (stood === null) return;
  document.querySelector(`.queue-item[data-item="${CSS.escape(stood)}"]`)?.focus({ preventScroll: true });
  stood = null;
}

function useOffer(event) {
  const link = event.target.closest("[data-use]");
  const editor = document.getElementById("command");
  if (!link || !editor || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  editor.value = link.dataset.use;
  editor.dispatchEvent(new Event("input", { bubbles: true }));
  editor.focus();
}

function offerSwitch() {
  const box = document.getElementById("keys-on");
  if (!box) return;
  box.closest("label").hidden = false;
  box.checked = lettersOn();
  box.addEventListener("change", () => switchLetters(box.checked));
}
