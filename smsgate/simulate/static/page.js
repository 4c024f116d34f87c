"use strict";
// The control page: it asks the gateway twice a second how it stands, and tells it what to do. Texts are put in as text,
// never as markup.
const $ = (id) => document.getElementById(id);
const FAULTS = {
  throttle: ["限速（次）", "Throttle (times)"], throttle_rate: ["每秒超过几条即限速", "Throttle above (a second)"], reject: ["拒绝（次）", "Refuse (times)"], reject_code: ["拒绝用的码", "Code of a refusal"],
  swallow: ["收下不应答（次）", "Take, never answer (times)"], lose: ["丢弃（次）", "Lose (times)"], delay: ["应答延迟（秒）", "Delay of answers (s)"],
  reorder: ["攒够几条倒序应答", "Answer so many in reverse"], cut_before: ["第几条应答前断开", "Cut before the nth answer"],
  silent: ["装死，什么都不答", "Silent: answer nothing"], deaf: ["不读", "Deaf: read nothing"], read_rate: ["每秒只读几字节", "Read octets a second"],
  refuse_login: ["拒绝登录（次）", "Refuse logins (times)"], login_code: ["登录拒绝码", "Code of that"], mute_login: ["登录不应答（次）", "Logins without answer (times)"],
  answer_twice: ["应答两遍", "Answer twice"], receipt_first: ["回执先于应答", "Receipt first"], receipts: ["回执（空为没有）", "Receipts (none: empty)"],
  receipt_delay: ["回执间隔（秒）", "Seconds between receipts"], receipt_twice: ["回执两遍", "Receipts twice"], receipt_id: ["回执里的编号", "Id in receipts"],
  receipt_form: ["回执形式（SMPP）", "Form of receipts (SMPP)"], receipt_octets: ["回执长度（CMPP）", "Octets of reports (CMPP)"],
  garbage: ["先发乱码（次）", "Garbage first (times)"], truncate: ["应答写一半就断（次）", "Break off mid-answer (times)"], split: ["逐字节写", "Write octet by octet"],
  redeliver_seconds: ["上行重发等待（秒）", "Bring again after (s)"], redeliver_tries: ["上行重发次数", "Tries on a connection"], again_seconds: ["答稍后的重发（秒）", "After «later» (s)"],
};
const CHOICES = { receipt_id: ["same", "hex", "decimal", "zeros", "upper"], receipt_form: ["both", "text", "tlv"], receipt_octets: ["0", "60", "71"] };
const FATES = { taken: ["收下", "taken"], throttled: ["限速", "throttled"], rejected: ["拒绝", "refused"], swallowed: ["收下未答", "unanswered"], lost: ["丢弃", "lost"], cut: ["断开", "cut"] };
let english = false, seen = 0, shown = "8613910000002";
const threads = new Map(), open = new Map();
const word = (pair) => pair[english ? 1 : 0];

function translate() {
  document.documentElement.lang = english ? "en" : "zh-CN";
  for (const one of document.querySelectorAll("[data-zh]")) one.textContent = one.dataset[english ? "en" : "zh"];
  $("language").textContent = english ? "中文" : "EN";
  document.title = english ? "Simulated gateway" : "模拟网关";
  for (const one of document.querySelectorAll("[data-fault]")) one.textContent = word(FAULTS[one.dataset.fault]);
}

async function ask(method, path, body) {
  const response = await fetch(path, { method, headers: body ? { "content-type": "application/json" } : {}, body: body && JSON.stringify(body) });
  const text = await response.text();
  const said = text ? JSON.parse(text) : null;
  if (!response.ok) throw new Error(typeof said?.detail === "string" ? said.detail : said?.detail?.map((one) => `${one.loc.slice(1).join(".")}: ${one.msg}`).join("; ") ?? said?.title ?? response.status);
  return said;
}

function cell(row, text, kind) {
  const td = document.createElement("td");
  td.textContent = text;
  if (kind) td.className = kind;
  row.append(td);
  return td;
}

function addSubmit(one) {
  const row = document.createElement("tr");
  cell(row, one.no); cell(row, new Date(one.at).toLocaleTimeString("zh-CN", { hour12: false }));
  cell(row, one.session); cell(row, one.source); cell(row, one.destination);
  cell(row, one.part ? `[${one.part}] ${one.text}` : one.text, "text");
  cell(row, word(FATES[one.fate]), one.fate === "taken" ? "" : "bad");
  const by_hand = document.createElement("button");
  by_hand.textContent = word(["送达", "deliver"]); by_hand.title = "DELIVRD";
  by_hand.addEventListener("click", () => ask("POST", "/api/receipts", { submit: one.no, word: "DELIVRD" }));
  cell(row, "").append(by_hand);
  $("submits").prepend(row);
  while ($("submits").rows.length > 300) $("submits").deleteRow(-1);
  if (["taken", "swallowed", "cut"].includes(one.fate)) ring(one);
}

function ring(one) {
  let text = one.text;
  if (one.part) {
    const [no, total] = one.part.split("/").map(Number), key = `${one.source} ${one.destination} ${total}`;
    const parts = open.get(key) ?? {};
    parts[no] = text; open.set(key, parts);
    if (Object.keys(parts).length < total) return;
    text = Object.keys(parts).sort((a, b) => a - b).map((at) => parts[at]).join("");
    open.delete(key);
  }
  show(one.destination.replace(/^\+/, ""), { text, number: one.source, at: one.at });
}

function show(phone, sms) {
  if (!threads.has(phone)) threads.set(phone, []);
  threads.get(phone).push(sms);
  drawPhones();
  if (phone === shown) drawThread();
}

function drawPhones() {
  $("phones").replaceChildren(...[...threads.keys()].sort().map((phone) => {
    const button = document.createElement("button");
    button.type = "button"; button.role = "tab"; button.textContent = phone; button.ariaSelected = String(phone === shown);
    button.addEventListener("click", () => choose(phone));
    return button;
  }));
}

function choose(phone) {
  shown = phone; $("phone").value = phone;
  const last = (threads.get(phone) ?? []).filter((sms) => !sms.mine).at(-1);
  if (last) $("to").value = last.number;
  drawPhones(); drawThread();
}

function drawThread() {
  $("thread").replaceChildren(...(threads.get(shown) ?? []).map((sms) => {
    const item = document.createElement("li"), small = document.createElement("small");
    item.textContent = sms.text; item.className = sms.mine ? "mine" : "";
    small.textContent = `${sms.number} · ${new Date(sms.at).toLocaleTimeString("zh-CN", { hour12: false })} · ${sms.text.length}`;
    item.append(small);
    return item;
  }));
  $("thread").scrollTop = $("thread").scrollHeight;
}

function drawFaults(faults) {
  const form = $("faults");
  for (const [name, value] of Object.entries(faults)) {
    let field = form.elements[name];
    if (!field) {
      const label = document.createElement("label"), span = document.createElement("span");
      span.dataset.fault = name; span.textContent = word(FAULTS[name]);
      field = document.createElement(CHOICES[name] ? "select" : "input");
      field.name = name;
      if (CHOICES[name]) field.append(...CHOICES[name].map((one) => new Option(one)));
      else if (typeof value === "boolean") field.type = "checkbox";
      else if (typeof value === "number") { field.type = "number"; field.step = "any"; }
      field.addEventListener("change", () => setFault(name, field, value));
      label.append(span, field); form.append(label);
    }
    if (document.activeElement === field) continue;
    if (field.type === "checkbox") field.checked = value; else field.value = Array.isArray(value) ? value.join(" ") : value;
  }
}

async function setFault(name, field, was) {
  let value = field.value;
  if (field.type === "checkbox") value = field.checked;
  else if (Array.isArray(was)) value = value.split(/\s+/).filter(Boolean);
  else if (typeof was === "number") value = Number(value);
  try { await ask("PUT", "/api/faults", { [name]: value }); field.setCustomValidity(""); }
  catch (error) { field.setCustomValidity(error.message); field.reportValidity(); }
}

function draw(state) {
  $("protocol").textContent = `${state.protocol.toUpperCase()} · ${state.listens}`;
  const up = state.sessions.length;
  $("sessions").className = up ? "up" : "";
  $("sessions").textContent = up ? state.sessions.map((one) => `#${one.no} ${one.version} ${one.peer}`).join(", ") : word(["没有客户端登录", "no client is logged in"]);
  $("counts").textContent = word([`共 ${state.submitted} 条提交，${state.undelivered} 条上行待取`, `${state.submitted} submits, ${state.undelivered} deliveries wait`]);
  $("refused").textContent = state.refused_logins.length ? word(["拒绝过的登录：", "Refused logins: "]) + state.refused_logins.slice(-3).join("; ") : "";
  drawFaults(state.faults);
  for (const one of state.submits) { addSubmit(one); seen = Math.max(seen, one.no); }
}

async function look() {
  try { draw(await ask("GET", `/api/state?after=${seen}`)); $("offline").hidden = true; }
  catch { $("offline").hidden = false; }
  setTimeout(look, 500);
}

$("reply").addEventListener("submit", async (event) => {
  event.preventDefault();
  const octets = $("octets").value.replace(/\s/g, "");
  const mo = { from: $("phone").value.trim(), to: $("to").value.trim(), text: $("text").value, charset: $("charset").value, parts: $("parts").value,
    reference: Number($("reference").value), times: Number($("times").value), order: $("order").value.split(/[\s,，]+/).filter(Boolean).map(Number) };
  if (octets) mo.octets = octets;
  $("said").textContent = "…";
  try {
    const { statuses } = await ask("POST", "/api/mo", mo);
    $("said").textContent = statuses.map((one) => one === null ? word(["未应答", "no answer yet"]) : one === 0 ? word(["已收下", "taken"]) : `0x${one.toString(16)}`).join(", ");
    show(mo.from.replace(/^\+/, ""), { text: octets ? `[${octets}]` : mo.text, number: mo.to, at: Date.now(), mine: true });
    choose(mo.from.replace(/^\+/, "")); $("to").value = mo.to; $("text").value = "";
  } catch (error) { $("said").textContent = error.message; }
});
$("phone").addEventListener("change", () => choose($("phone").value.trim().replace(/^\+/, "")));
$("language").addEventListener("click", () => { english = !english; translate(); });
$("clear").addEventListener("click", () => ask("DELETE", "/api/faults"));
for (const button of document.querySelectorAll("[data-act]")) button.addEventListener("click", () => ask("POST", `/api/sessions/${button.dataset.act}`));
translate();
look();
