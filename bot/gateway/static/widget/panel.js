// The panel: what happens when the visitor does something, and when something fails.
import { canClose, go, listen, onThreeShifts, tell } from "./host.js";
import * as server from "./server.js";
import { HELPLINE, retire, said, spoken, you } from "./turns.js";
import { copy, dialledByTheWindow, element, linked } from "./words.js";

const at = (id) => document.getElementById(id);
const [turns, state, box, log, sure] = ["turns", "state", "text", "log", "sure"].map(at);

const SLOW = 1000; // milliseconds until the numbers stand beside the waiting
const PROBLEMS = {
  E503: "error_too_long",
  E504: "error_session_ended",
  E505: "error_choice",
  E511: "error_failed",
};
const SAFE = ["crisis", "emergency", "distress"];
const asksToDelete = new RegExp(`^(${document.body.dataset.delete})$`);
const texts = new Map([...copy("remarks").children].map((item) => [item.dataset.name, item.textContent]));

let reference = "";
let pending = null; // what was sent and not answered: sent again, it has the same id and is answered once
let missed = false; // whether something failed since, so that the server may know more than the page shows
let busy = false;

// ---- What is shown

// The history is silent; what is new is said once, in one piece, and is gone again before it is met a second time.
function announce(text) {
  const line = element("p");
  line.textContent = text;
  log.append(line);
  setTimeout(() => line.remove(), 3000);
}

function note(...parts) {
  state.replaceChildren(...parts);
  state.scrollIntoView({ block: "nearest" });
}

function remark(text) {
  const line = element("p", "aside");
  line.textContent = text;
  note(line);
  announce(text);
}

// Something is wrong: what, words or numbers to turn to, and a button to try again where that can help.
function problem(name, { turn = null, retry = null } = {}) {
  const card = copy("problem");
  card.lastElementChild.append(linked(texts.get(name)));
  if (!turn) card.append(copy("calls"));
  if (retry) {
    const button = copy("retry");
    button.firstElementChild.addEventListener("click", retry);
    card.append(button);
  }
  const parts = [card, ...(turn ? [said({ ...turn, choices: [] })] : [])];
  note(...parts);
  announce(parts.map((part) => (part === card ? texts.get(name) : spoken(part))).join("\n"));
}

function greet() {
  reference = "";
  pending = null;
  missed = false;
  turns.replaceChildren(copy("greeting"));
  state.replaceChildren();
  at("gone").hidden = true;
  at("open").hidden = false;
}

function add(turn) {
  const entry = element("li");
  const asked = turn.choice ? turn.choice.title : turn.text;
  retire(turns, turn.choice && turn.choice.id);
  if (asked) entry.append(you(asked));
  entry.append(said(turn));
  turns.append(entry);
  return entry;
}

// ---- The chat as the server has it

async function read() {
  const chat = await server.transcript();
  const held = turns.contains(document.activeElement);
  reference = chat.reference;
  turns.replaceChildren();
  missed = false;
  const last = chat.turns.map(add).pop();
  const made = turns.querySelectorAll(".chosen"); // the choice that had the focus has it again
  if (held && made.length) made[made.length - 1].focus({ preventScroll: true });
  return last;
}

async function restore() {
  greet();
  try {
    const last = await read();
    state.replaceChildren();
    last.scrollIntoView();
  } catch (failure) {
    if (failure.code === "E504") {
      server.forget();
      return;
    }
    missed = true;
    problem(navigator.onLine ? "not_read" : "offline", { retry: restore });
  }
}

// ---- Asking

const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function send(content, shown) {
  if (busy) return false;
  busy = true;
  if (reference && !server.hasChat()) greet(); // a chat that has ended is not continued
  if (!pending || JSON.stringify(pending.content) !== JSON.stringify(content)) pending = { content, shown, id: newId() };
  let entry = element("li");
  entry.append(you(shown));
  turns.append(entry);
  note(copy("typing"));
  const slow = setTimeout(() => note(copy("typing"), copy("slow")), SLOW);
  try {
    const { turn, redacted } = await server.say({ ...content, message_id: pending.id });
    pending = null;
    entry.remove();
    if (missed || redacted) entry = await read().catch(() => null);
    else entry = null;
    if (!entry) entry = add({ ...turn, text: shown, choice: content.choice ? { id: content.choice, title: shown } : null });
    reference = turn.reference;
    tellTabs("said");
    state.replaceChildren();
    entry.scrollIntoView();
    announce(spoken(entry));
    return true;
  } catch (failure) {
    entry.remove();
    missed = true;
    failed(failure, content);
    return false;
  } finally {
    clearTimeout(slow);
    busy = false;
  }
}

// Nothing of ours may have failed: then only the helpline's words are said, unless the safety screen had more to say.
function failed({ code, turn }, content) {
  if (code === "E504") server.forget();
  const known = PROBLEMS[code] || (code ? "error_request" : null);
  const lost = navigator.onLine ? (content.choice ? "choice_not_sent" : "not_sent") : "offline";
  if (turn && code !== "E511" && !SAFE.includes(turn.route)) {
    turn = { ...turn, messages: turn.messages.filter((message) => message.block === HELPLINE) };
  }
  const again = !code || code === "E511";
  problem(known || lost, { turn, retry: again && (() => resend()) });
}

async function resend() {
  const { content, shown } = pending;
  if (box.value === content.text) box.value = "";
  if (!(await send(content, shown)) && content.text && !box.value) box.value = content.text;
}

at("write").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = box.value;
  if (busy) return;
  if (!text.trim()) return problem("error_empty");
  if (asksToDelete.test(text.toLowerCase().replace(/[^a-z]+/g, " ").trim())) return askToDelete();
  box.value = "";
  box.readOnly = true;
  const sent = await send({ text }, text);
  box.readOnly = false;
  if (!sent) box.value = text;
});

box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  at("write").requestSubmit();
});

turns.addEventListener("click", (event) => {
  const button = event.target.closest(".choices button");
  if (button && !button.hasAttribute("aria-disabled")) send({ choice: button.value }, button.textContent);
});

// ---- Saving, deleting, leaving

at("save").addEventListener("click", async () => {
  if (!server.hasChat()) return remark(texts.get("nothing_yet"));
  try {
    const text = await server.textCopy();
    const link = element("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
    link.download = "copy.txt"; // a name that tells nothing
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    remark(texts.get("saved"));
  } catch ({ code }) {
    if (code === "E504") ended();
    else problem("not_saved");
  }
});

function askToDelete() {
  if (!server.hasChat()) return remark(texts.get("nothing_yet"));
  at("sure-state").replaceChildren();
  sure.showModal();
  at("sure-title").focus(); // not the button that deletes
}

at("delete").addEventListener("click", askToDelete);
at("no").addEventListener("click", () => sure.close());
at("yes").addEventListener("click", async () => {
  if (busy) return;
  busy = true;
  try {
    const receipt = await server.erase();
    tellTabs("gone");
    sure.close();
    turns.replaceChildren();
    box.value = "";
    at("open").hidden = true;
    at("gone").hidden = false;
    at("receipt").textContent = receipt;
    at("gone-title").focus();
  } catch ({ code }) {
    if (code === "E504") {
      sure.close();
      ended();
    } else at("sure-state").textContent = texts.get("error_not_deleted");
  } finally {
    busy = false;
  }
});

at("again").addEventListener("click", () => {
  greet();
  box.focus();
});

// The chat is over, here or in another tab: nothing of it stays on the page.
function ended() {
  server.forget();
  greet();
  problem("error_session_ended");
}

function leave() {
  document.documentElement.hidden = true;
  turns.replaceChildren();
  box.value = "";
  tellTabs("gone");
  server.leave();
  go();
}

at("leave").addEventListener("click", leave);
at("skip-leave").addEventListener("click", (event) => {
  event.preventDefault();
  leave();
});
onThreeShifts(leave);

// ---- Around the panel

const tabs = "BroadcastChannel" in window ? new BroadcastChannel("signpost") : null;
const tellTabs = (what) => tabs && reference && tabs.postMessage({ [what]: reference });
if (tabs) {
  tabs.onmessage = ({ data }) => {
    if (!reference) return;
    if (data.gone === reference) ended();
    if (data.said === reference && !busy) read().catch(() => (missed = true)); // this tab offers what that one does
  };
}

at("close").hidden = !canClose;
at("close").addEventListener("click", () => tell("close"));
addEventListener("keydown", ({ key, isComposing }) => {
  if (key === "Escape" && !isComposing && !sure.open) tell("close");
});
listen({ open: () => at("title").focus({ preventScroll: true }), leave });

addEventListener("offline", () => problem("offline"));
addEventListener("online", () => !busy && !pending && state.replaceChildren());

// A page that the browser keeps to come back to keeps nothing of the chat in sight; it asks anew when it is back.
addEventListener("pagehide", () => (document.documentElement.hidden = true));
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());

dialledByTheWindow(document);
if (server.hasChat()) restore();
else greet();
tell("ready");
