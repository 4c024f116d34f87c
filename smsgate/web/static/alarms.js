// A tone and a notification for what concerns the reader's units. Both are off until asked for, because a browser
// allows neither before; what was asked for is remembered by this browser. A page that is loaded with the sound on
// may not sound before the reader has touched it, unless the browser knows the place: until then the button says so.

const NOTES = [660, 880]; // hertz
const LENGTH = 0.16; // seconds of a note

let audio = null;
let said = -Infinity; // when the last tone began: a storm of lines is one tone a second

export function startAlarms() {
  if (!document.getElementById("live-tools")) return;
  button("sound").addEventListener("click", soundPressed);
  button("notify").addEventListener("click", notifyPressed);
  if (wanted("sound") && watches()) prepare();
  for (const touch of ["pointerdown", "keydown"]) document.addEventListener(touch, woken, true);
  show();
}

/** A line concerns the reader. */
export function alarm(line) {
  if (wanted("sound") && sounds()) ring();
  if (wanted("notify") && mayNotify() && document.visibilityState !== "visible") notify(line);
}

function button(name) {
  return document.getElementById(`live-${name}`);
}

function wanted(name) {
  return localStorage.getItem(name) === "1";
}

function want(name, is) {
  localStorage.setItem(name, is ? "1" : "0");
  show();
}

function watches() {
  return document.getElementById("hops").dataset.mine !== "";
}

// on is what would be heard or seen now, not what was once wished for
function show() {
  const sound = button("sound");
  const waits = wanted("sound") && watches() && !sounds();
  sound.setAttribute("aria-pressed", wanted("sound") && watches() && sounds());
  sound.classList.toggle("is-waiting", waits);
  sound.textContent = waits ? sound.dataset.waits : sound.dataset.name;
  sound.title = waits ? sound.dataset.how : "";
  button("notify").setAttribute("aria-pressed", wanted("notify") && watches() && mayNotify());
}

async function soundPressed() {
  if (wanted("sound") && watches() && sounds()) return want("sound", false);
  if (!watches()) return askForWatch();
  want("sound", true);
  await openAudio();
  if (sounds()) play(); // not by ring(): an alarm of the first second is not kept back for the test
}

async function notifyPressed() {
  if (wanted("notify") && watches() && mayNotify()) return want("notify", false);
  if (!watches()) return askForWatch();
  if ("Notification" in window) await Notification.requestPermission();
  say(mayNotify() ? "" : "denied");
  want("notify", mayNotify());
}

function askForWatch() {
  say("watch");
  document.querySelector(".log-filter").open = true;
  document.getElementById("f-watch").focus();
}

function sounds() {
  return audio?.state === "running";
}

function prepare() {
  if (audio || !("AudioContext" in window)) return;
  audio = new AudioContext();
  audio.addEventListener("statechange", show);
}

async function openAudio() {
  prepare();
  await audio?.resume();
}

// the first touch or key that the browser takes for one; the button itself sees to its own
function woken(event) {
  if (!wanted("sound") || !watches() || sounds() || event.target.closest?.("#live-sound")) return;
  openAudio();
}

function mayNotify() {
  return "Notification" in window && Notification.permission === "granted";
}

function say(what) {
  document.getElementById("live-said").textContent = what ? document.getElementById("live-tools").dataset[what] : "";
}

function ring() {
  if (audio.currentTime - said < 1) return;
  said = audio.currentTime;
  play();
}

function play() {
  const start = audio.currentTime;
  NOTES.forEach((hertz, at) => {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0.2, start + at * LENGTH);
    volume.gain.exponentialRampToValueAtTime(0.001, start + (at + 1) * LENGTH);
    tone.connect(volume).connect(audio.destination);
    tone.start(start + at * LENGTH);
    tone.stop(start + (at + 1) * LENGTH);
  });
}

function notify(line) {
  const text = (selector) => line.querySelector(selector)?.textContent.replace(/\s+/g, " ").trim() ?? "";
  const heading = `${text(".code")} ${text(".title")}`;
  const body = [text(".route"), text(".who .kind"), text(".said")].filter(Boolean).join(" · ");
  const note = new Notification(heading, { body, tag: line.id, lang: document.documentElement.lang });
  note.addEventListener("click", () => {
    window.focus();
    note.close();
  });
}
