// The live log over server-sent events. The browser's own EventSource comes again by itself and says with
// `Last-Event-ID` which hop it saw last; where it gives up (an answer that is no stream), this opens a new one that
// asks for what follows the last hop seen. Either way each hop comes exactly once.
import { setTime, tick } from "./clocks.js";
import { phoneGotNews } from "./phone.js";

const KEPT = 300; // lines in the list; the rest is one «older» away
const SILENCE = 40_000; // milliseconds without a sign of life, of which there is one each 15 s
const AGAIN = 1000;

let address, source, lastSeen, lastSign;
const hops = document.getElementById("hops");

export function startStream() {
  const holder = document.querySelector("[data-stream]");
  if (!holder) return;
  address = holder.dataset.stream;
  lastSeen = holder.dataset.newest ? Number(holder.dataset.newest) : null;
  connect();
  setInterval(() => Date.now() - lastSign > SILENCE && reconnect(), 5000);
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => event.persisted && connect());
}

function connect() {
  lastSign = Date.now();
  source = new EventSource(lastSeen === null ? address : `${address}?after=${lastSeen}`);
  source.addEventListener("open", () => cut(false));
  source.addEventListener("error", failed);
  source.addEventListener("hop", gotHop);
  source.addEventListener("board", (event) => replaceContent("board", event.data));
  source.addEventListener("phone", (event) => phoneGotNews(JSON.parse(event.data)));
  source.addEventListener("reset", () => location.reload());
  source.addEventListener("beat", (event) => setTime(Number(event.data)));
  for (const name of ["hop", "board", "phone", "beat"]) {
    source.addEventListener(name, () => (lastSign = Date.now()));
  }
}

function failed() {
  cut(true);
  if (source.readyState === EventSource.CLOSED) setTimeout(comeBack, AGAIN);
}

// Turned away for good? Who is not signed in any more is led to the sign-in page; else the stream is opened anew.
async function comeBack() {
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" }, redirect: "manual" });
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
      location.reload();
      return;
    }
  } catch {
    // the server is away: the stream will tell when it is back
  }
  reconnect();
}

function reconnect() {
  source.close();
  cut(true);
  connect();
}

function cut(is) {
  document.getElementById("cut").hidden = !is;
  const live = document.getElementById("live");
  if (live) live.hidden = is;
  if (!is) document.dispatchEvent(new CustomEvent("stream:open"));
}

function gotHop(event) {
  lastSeen = Number(event.lastEventId);
  followTicket(event.data);
  if (!hops) return;
  const line = parsed(event.data);
  settleOlder(line.dataset.ticket);
  line.classList.add("is-fresh");
  hops.prepend(line);
  document.getElementById("empty").hidden = true;
  trim();
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

function trim() {
  const lines = hops.querySelectorAll(".hop");
  if (lines.length <= KEPT) return;
  const last = lines[KEPT - 1];
  for (const line of [...lines].slice(KEPT)) line.remove();
  const older = hops.querySelector("#older");
  if (older) older.remove();
  const entry = document.createElement("li");
  entry.id = "older";
  entry.className = "older";
  const link = document.createElement("a");
  link.className = "btn";
  link.href = `/?before=${last.dataset.hop}${hops.classList.contains("hides-refused") ? "&refused=0" : ""}`;
  link.textContent = hops.dataset.older;
  entry.append(link);
  hops.append(entry);
}

function followTicket(html) {
  const news = document.getElementById("ticket-news");
  if (news && parsed(html).dataset.ticket === news.dataset.follow) news.hidden = false;
}

function replaceContent(id, html) {
  const place = document.getElementById(id);
  if (place) place.innerHTML = html;
}

function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  return template.content.firstElementChild;
}
