// The public chat API (docs/api.md). The token is kept for this tab alone, and only once something was sent.

const KEY = "signpost.token";
const PATIENCE = 10_000;

let token = read();

function read() {
  try {
    return sessionStorage.getItem(KEY) || "";
  } catch {
    return ""; // a browser that stores nothing: the chat lasts as long as the page
  }
}

function keep(value) {
  token = value;
  try {
    if (value) sessionStorage.setItem(KEY, value);
    else sessionStorage.removeItem(KEY);
  } catch {
    // as above
  }
}

export const hasChat = () => token !== "";
export const forget = () => keep("");

// What went wrong: the server's own code and approved words where it gave some, nothing where it was not reached.
export class Failed extends Error {
  constructor(code = "", turn = null) {
    super(code);
    this.code = code;
    this.turn = turn;
  }
}

async function ask(method, path, body) {
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers["Content-Type"] = "application/json";
  const options = { method, headers, body: body && JSON.stringify(body), credentials: "omit", cache: "no-store" };
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const response = await fetch(path, { ...options, signal: stop.signal });
    if (response.ok) return { headers: response.headers, body: await response.text() };
    const { error, turn } = await response.json();
    throw new Failed(error.code, turn);
  } catch (error) {
    throw error instanceof Failed ? error : new Failed();
  } finally {
    clearTimeout(timer);
  }
}

export async function say(message) {
  if (!token) keep(JSON.parse((await ask("POST", "/api/chat/sessions")).body).token);
  const { headers, body } = await ask("POST", "/api/chat/messages", message);
  return { turn: JSON.parse(body), redacted: headers.has("Signpost-Redacted") };
}

export const transcript = async () => JSON.parse((await ask("GET", "/api/chat/transcript")).body);

export const textCopy = async () => (await ask("GET", "/widget/copy")).body;

export async function erase() {
  const { receipt } = JSON.parse((await ask("DELETE", "/api/chat/session")).body);
  forget();
  return receipt;
}

// Close the chat on the server while the page goes away: nobody waits for the reply.
export function leave() {
  if (token) navigator.sendBeacon("/widget/leave", token);
  forget();
}
