// What happens, over server-sent events. The browser's own EventSource comes again by itself and says with
// `Last-Event-ID` which hop it saw last; where it gives up (an answer that is no stream), this opens a new one that
// asks for what follows the last hop seen. Either way each hop comes exactly once.
//
// Told to the page as events of the document: `stream:hop` {id, html}, `stream:board` html, `stream:open`.
import { setTime } from "./clocks.js";
import { phoneGotNews } from "./phone.js";

const SILENCE = 40_000; // milliseconds without a sign of life, of which there is one each 15 s
const AGAIN = 1000;

let address, source, lastSeen, lastSign;

export function startStream() {
  const holder = document.querySelector("[data-stream]");
  if (!holder) return;
  address = new URL(holder.dataset.stream, location.href);
  lastSeen = holder.dataset.newest ? Number(holder.dataset.newest) : null;
  connect();
  setInterval(() => Date.now() - lastSign > SILENCE && reconnect(), 5000);
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => event.persisted && connect());
}

function connect() {
  lastSign = Date.now();
  if (lastSeen !== null) address.searchParams.set("after", lastSeen);
  source = new EventSource(address);
  source.addEventListener("open", () => cut(false));
  source.addEventListener("error", failed);
  source.addEventListener("hop", (event) => {
    lastSeen = Number(event.lastEventId);
    tell("hop", { id: lastSeen, html: event.data });
  });
  source.addEventListener("seen", (event) => (lastSeen = Number(event.lastEventId)));
  source.addEventListener("board", (event) => tell("board", event.data));
  source.addEventListener("phone", (event) => phoneGotNews(JSON.parse(event.data)));
  source.addEventListener("reset", () => location.reload());
  source.addEventListener("beat", (event) => setTime(Number(event.data)));
  for (const name of ["hop", "seen", "board", "phone", "beat"]) {
    source.addEventListener(name, () => (lastSign = Date.now()));
  }
}

function tell(name, detail) {
  document.dispatchEvent(new CustomEvent(`stream:${name}`, { detail }));
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
  if (!is) tell("open");
}
