// A tone and a notification for what concerns the reader's units. Both are off until asked for, because a browser
// allows neither before; what was asked for is remembered by this browser.

const NOTES = [660, 880]; // hertz
const LENGTH = 0.16; // seconds of a note

let audio = null;
let said = 0; // when the last tone began: a storm of lines is one tone a second

export function startAlarms() {
  const tools = document.getElementById("live-tools");
  if (!tools) return;
  toggled("live-sound", "sound", openAudio);
  toggled("live-notify", "notify", mayNotify);
}

/** A line concerns the reader. */
export function alarm(line) {
  if (isOn("live-sound")) ring();
  if (isOn("live-notify") && document.visibilityState !== "visible") notify(line);
}

function toggled(id, name, ask) {
  const button = document.getElementById(id);
  button.setAttribute("aria-pressed", localStorage.getItem(name) === "1");
  // a page that is opened with sound on may only ring after the reader's first touch
  if (isOn(id)) addEventListener("pointerdown", ask, { once: true });
  button.addEventListener("click", async () => {
    const on = !isOn(id) && watches() && (await ask());
    button.setAttribute("aria-pressed", on);
    localStorage.setItem(name, on ? "1" : "0");
  });
}

function isOn(id) {
  return document.getElementById(id)?.getAttribute("aria-pressed") === "true";
}

function watches() {
  const any = document.getElementById("hops").dataset.mine !== "";
  if (!any) {
    say("watch");
    document.querySelector(".log-filter").open = true;
    document.getElementById("f-watch").focus();
  }
  return any;
}

async function openAudio() {
  audio ??= new AudioContext();
  await audio.resume();
  ring();
  return true;
}

async function mayNotify() {
  const allowed = "Notification" in window && (await Notification.requestPermission()) === "granted";
  say(allowed ? "" : "denied");
  return allowed;
}

function say(what) {
  document.getElementById("live-said").textContent = what ? document.getElementById("live-tools").dataset[what] : "";
}

function ring() {
  if (!audio || audio.currentTime - said < 1) return;
  said = audio.currentTime;
  NOTES.forEach((hertz, at) => {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0.2, said + at * LENGTH);
    volume.gain.exponentialRampToValueAtTime(0.001, said + (at + 1) * LENGTH);
    tone.connect(volume).connect(audio.destination);
    tone.start(said + at * LENGTH);
    tone.stop(said + (at + 1) * LENGTH);
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
