// The lists of the live log: a line that comes goes on top of its list, unless the reader has paused them.
import { alarm } from "./alarms.js";
import { tick } from "./clocks.js";

const KEPT = 300; // lines in a list; the rest is one «older» away
const HELD = 1000; // lines that wait while paused; with more the page is loaded anew

const hops = document.getElementById("hops");
const refusals = document.getElementById("refusals");
const mine = new Set((hops?.dataset.mine ?? "").split("\n").filter(Boolean));
let held = null; // the lines that wait; null while nothing is paused

export function startLog() {
  document.addEventListener("stream:hop", ({ detail }) => got(detail.html));
  document.addEventListener("stream:board", ({ detail }) => replaceBoard(detail));
  const button = document.getElementById("live-pause");
  if (!button) return;
  document.getElementById("live-tools").hidden = false;
  button.addEventListener("click", () => pause(button, held === null));
}

function got(html) {
  const line = parsed(html);
  followTicket(line);
  if (!hops) return;
  mark(line);
  if (held === null) return add(line);
  held.push(line);
  if (held.length > HELD) return location.reload();
  const tools = document.getElementById("live-tools");
  document.getElementById("live-said").textContent = tools.dataset.waiting.replace("#", held.length);
}

function pause(button, is) {
  const waiting = held ?? [];
  held = is ? [] : null;
  button.setAttribute("aria-pressed", is);
  button.textContent = is ? button.dataset.on : button.dataset.off;
  document.getElementById("live-said").textContent = "";
  document.body.classList.toggle("is-paused", is);
  for (const line of waiting) add(line);
}

// what concerns the reader's units stands out, and rings at once even while the list is paused
function mark(line) {
  const concerns = line.dataset.concerns.split("\n");
  if (!concerns.some((key) => mine.has(key))) return;
  line.classList.add("is-mine");
  alarm(line);
}

function add(line) {
  const list = refusals && line.classList.contains("is-refused") ? refusals : hops;
  settleOlder(line.dataset.ticket);
  line.classList.add("is-fresh");
  list.prepend(line);
  document.getElementById(list === hops ? "empty" : "refusals-none").hidden = true;
  trim(list);
  tick();
}

// only a ticket's newest line has a clock that runs
function settleOlder(ticket) {
  if (!ticket) return;
  for (const line of hops.querySelectorAll(`[data-ticket="${ticket}"].is-newest`)) {
    line.classList.remove("is-newest");
    line.querySelector(".due")?.classList.remove("is-running", "is-late");
  }
}

function trim(list) {
  const lines = list.querySelectorAll(".hop");
  if (lines.length <= KEPT) return;
  const last = lines[KEPT - 1];
  for (const line of [...lines].slice(KEPT)) line.remove();
  if (list !== hops) return;
  list.querySelector("#older")?.remove();
  list.append(wayToOlder(last.dataset.hop));
}

function wayToOlder(before) {
  const entry = document.createElement("li");
  entry.id = "older";
  entry.className = "older";
  const link = document.createElement("a");
  link.className = "btn";
  const address = new URL(location.href);
  address.searchParams.set("before", before);
  link.href = address.pathname + address.search;
  link.textContent = hops.dataset.older;
  entry.append(link);
  return entry;
}

function followTicket(line) {
  const news = document.getElementById("ticket-news");
  if (news && line.dataset.ticket === news.dataset.follow) news.hidden = false;
}

function replaceBoard(html) {
  const place = document.getElementById("board");
  if (place) place.innerHTML = html;
}

function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  return template.content.firstElementChild;
}
