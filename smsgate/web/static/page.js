// Every page loads this: clocks that tick, the stream where a page asks for it, the phone where there is one.
import { startClocks } from "./clocks.js";
import { startPhone } from "./phone.js";
import { startQueue } from "./queue.js";
import { startStream } from "./stream.js";

startClocks();
startPhone();
startQueue();
startStream();
