// Every page loads this: clocks that tick, the stream where a page asks for it, the phone where there is one.
import { startAlarms } from "./alarms.js";
import { startClocks } from "./clocks.js";
import { startKeys } from "./keys.js";
import { startLog } from "./log.js";
import { startPhone } from "./phone.js";
import { startPicker } from "./picker.js";
import { startQueue } from "./queue.js";
import { startStream } from "./stream.js";
import { startWorklist } from "./worklist.js";

// what htmx sends carries the session's token, as forms do
const csrf = document.querySelector('meta[name="csrf"]')?.content;
if (csrf) {
  document.addEventListener("htmx:config:request", (event) => {
    const context = event.detail.ctx;
    if (context) (context.request.headers ??= {})["X-CSRF-Token"] = csrf;
  });
}

startClocks();
startPhone();
startLog();
startAlarms();
startKeys();
startPicker();
startWorklist();
startQueue();
startStream();
