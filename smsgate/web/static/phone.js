// The simulated phone: what arrives shows at once, other phones ring. What is shown always comes whole from the
// server, so that a phone that missed something while the line was cut is right again after the next look.

let looking = false;
let again = false;
const ringing = new Set();

export function startPhone() {
  document.addEventListener("click", fill);
  document.addEventListener("keydown", sendByKey);
  document.addEventListener("htmx:after:swap", swapped);
  document.addEventListener("stream:open", look);
}

/** A phone has got or sent something. */
export function phoneGotNews({ phone, rings }) {
  const cards = document.querySelector("[data-reload=phone]");
  if (cards) return lookAtCards(cards, phone, rings);
  const shown = document.getElementById("phone");
  if (!shown) return;
  if (rings && phone !== shown.dataset.phone) ringing.add(phone);
  look();
}

async function look() {
  const shown = document.getElementById("phone");
  if (!shown) return;
  again = true;
  if (looking) return;
  looking = true;
  while (again) {
    again = false;
    const address = document.getElementById("phone").dataset.thread;
    await htmx.ajax("GET", address, { target: "#thread", swap: "outerHTML" }).catch(() => {});
  }
  looking = false;
  ring();
}

async function lookAtCards(cards, phone, rings) {
  if (rings) ringing.add(phone);
  await htmx.ajax("GET", location.href, { target: "#phone-cards", select: "#phone-cards", swap: "outerHTML" });
  ring();
}

function ring() {
  for (const phone of ringing) {
    const chip = document.querySelector(`[data-chip="${CSS.escape(phone)}"]`);
    if (!chip) continue;
    chip.classList.add("is-ringing");
    chip.addEventListener("animationend", () => chip.classList.remove("is-ringing"), { once: true });
    ringing.delete(phone);
  }
}

function swapped(event) {
  const { sourceElement, response } = event.detail.ctx;
  const form = sourceElement?.closest?.("#composer");
  if (form && response.status < 300) form.reset();
  const chips = document.getElementById("phone-chips");
  const badge = document.getElementById("tab-unread");
  if (chips && badge) {
    badge.textContent = chips.dataset.unread;
    badge.hidden = chips.dataset.unread === "0";
  }
}

function fill(event) {
  const button = event.target.closest("[data-fill]");
  if (!button) return;
  const field = document.getElementById("sms");
  field.value = button.dataset.fill;
  field.focus();
}

// Enter sends, as on a desk; Shift+Enter makes a new line. An input method that composes keeps its Enter.
function sendByKey(event) {
  if (event.target.id !== "sms" || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  event.target.form.requestSubmit();
}
