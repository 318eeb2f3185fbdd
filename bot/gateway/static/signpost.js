// Signpost's loader: a button on the charity's page, the chat in a frame, and numbers to call when the chat does not come.
// It stores nothing, and asks nobody but its own server, and that only once the button is pressed. See docs/widget.md.
// The server fills in the words, from approved text, and leaves out lines like this one and what stands before a line.
(() => {
  const words = SIGNPOST_WORDS;
  const script = document.currentScript;
  if (!script || document.querySelector("signpost-chat")) return;
  const server = new URL(script.dataset.server || script.src, location.href).origin;
  // Milliseconds until the numbers are shown; the promise is one second.
  const patience = 800;
  const small = "(max-width: 40em), (max-height: 30em)";

  // Whatever the page's own style sheets say loses against what is important in here.
  const style = `
    :host { all: initial !important; position: fixed !important; inset: auto var(--r) 1em var(--l) !important;
      display: block !important; z-index: 2147483647 !important; font: medium/1.4 system-ui, sans-serif !important;
      --r: 1em; --l: auto }
    :host([data-side=left]) { --r: auto; --l: 1em }
    [hidden] { display: none !important }
    button { font: inherit; font-weight: 600; min-height: 2.75em; padding: .5em 1.25em; cursor: pointer;
      color: #fff; background: #0b4f5c; border: 2px solid #fff; border-radius: 1.5em; max-width: calc(100vw - 2em) }
    button:hover { background: #083a44 }
    :focus-visible { outline: 3px solid #12181e; box-shadow: 0 0 0 6px #ffd83d }
    dialog { box-sizing: border-box; position: fixed; inset: auto var(--r) 1em var(--l); margin: 0; padding: 0;
      width: 27em; height: 44em; max-width: calc(100vw - 2em); max-height: calc(100vh - 2em); overflow: auto;
      border: 1px solid #6b7680; border-radius: 10px; background: #fff; color: #1b2530; box-shadow: 0 4px 32px #0006 }
    dialog:focus { outline: 0; box-shadow: none }
    iframe { position: absolute; inset: 0; width: 100%; height: 100%; border: 0 }
    dialog:not(.open) iframe, .open div { visibility: hidden }
    div { padding: 1.5em }
    a { color: #0b4f5c; font-weight: 700; padding-block: .7em }
    [href^=tel] { white-space: nowrap }
    div button { border-radius: 8px; margin-right: .5em }
    .cover { inset: 0; width: 100vw; height: 100vh; max-width: none; max-height: none }
    @media ${small} { dialog { inset: 0; width: 100%; height: 100%; max-width: none; max-height: none; border: 0; border-radius: 0 } }`;

  const make = (tag, attributes, ...children) => {
    const element = document.createElement(tag);
    for (const name in attributes) element.setAttribute(name, attributes[name]);
    element.append(...children);
    return element;
  };
  const paragraph = (pieces) =>
    make("p", {}, ...pieces.map((piece) => (piece.href ? make("a", { href: piece.href }, piece.number) : piece)));

  const launcher = make("button", { "aria-haspopup": "dialog" }, words.launcher);
  const heading = make("h2", {}, words.heading);
  const retry = make("button", {}, words.retry);
  const shut = make("button", {}, words.close);
  const page = make("a", { href: server + "/chat" }, words.page);
  const card = make("div", { role: "alert" }, heading, ...words.lines.map(paragraph), make("p", {}, page), retry, shut);
  const panel = make("dialog", { "aria-label": words.title, tabindex: -1 }, card);
  const cover = make("dialog", { class: "cover", "aria-label": words.title });
  const host = make("signpost-chat", { role: "region", "aria-label": words.title, popover: "manual" });
  host.dataset.side = script.dataset.side || "right";
  const root = host.attachShadow({ mode: "open" });
  // A sheet made this way is let through by a strict policy of the page's own.
  if (root.adoptedStyleSheets) (root.adoptedStyleSheets = [new CSSStyleSheet()])[0].replaceSync(style);
  else root.append(make("style", {}, style));
  root.append(launcher, panel, cover);

  let frame, ready, timer, opener;

  const tell = (what) => frame.contentWindow.postMessage({ signpost: what }, server);
  const show = () => {
    panel.className = "open";
    frame.focus();
    tell("open");
  };
  const fail = () => {
    if (frame && !ready) card.hidden = false;
  };
  const forget = () => {
    clearTimeout(timer);
    if (frame) frame.remove();
    frame = ready = null;
    panel.className = "";
  };
  const load = () => {
    forget();
    card.hidden = true;
    heading.textContent = words.heading;
    retry.textContent = words.retry;
    const src = server + "/widget#" + location.origin;
    frame = make("iframe", { src, title: words.title, referrerpolicy: "no-referrer" });
    panel.append(frame);
    panel.focus();
    timer = setTimeout(fail, navigator.onLine ? patience : 0);
  };
  // Beside the page where there is room; in place of it, holding the focus, where there is not.
  const open = (from) => {
    if (panel.open) return;
    // A browser from before 2022 knows no dialogs.
    if (!panel.show) return location.assign(page.href);
    opener = from;
    launcher.hidden = true;
    matchMedia(small).matches ? panel.showModal() : panel.show();
    ready ? show() : load();
  };
  const close = () => {
    panel.close();
    launcher.hidden = false;
    if (!ready) forget();
    opener.focus();
  };
  const go = () => location.replace(words.leave);
  const leave = () => {
    if (!cover.open) cover.showModal();
    // The chat forgets everything, and answers with the same word.
    if (ready) tell("leave");
    setTimeout(go, 300);
  };

  addEventListener("message", ({ source, origin, data }) => {
    if (!frame || source !== frame.contentWindow || origin !== server || !data) return;
    if (data.signpost === "ready") {
      ready = true;
      clearTimeout(timer);
      if (!panel.open) return;
      if (card.hidden) return show();
      // What somebody reads, or is about to press, is not taken away.
      heading.textContent = words.readyHeading;
      retry.textContent = words.ready;
    }
    if (data.signpost === "close") close();
    if (data.signpost === "leave") {
      if (!cover.open) cover.showModal();
      go();
    }
  });

  // Three times Shift within five seconds, and nothing between: leave.
  let presses = [];
  let alone;
  addEventListener("keydown", (event) => {
    alone = event.key === "Shift";
    if (!alone) presses = [];
    if (event.key === "Escape" && event.composedPath().includes(panel)) close();
  });
  addEventListener("keyup", ({ key, timeStamp }) => {
    if (key !== "Shift" || !alone || !panel.open) return;
    presses = [timeStamp, ...presses];
    if (timeStamp - presses[2] < 5000) leave();
  });

  launcher.onclick = () => open(launcher);
  shut.onclick = close;
  retry.onclick = () => (ready ? show() : load());
  // Escape is dealt with above.
  panel.oncancel = (event) => event.preventDefault();
  document.addEventListener("securitypolicyviolation", ({ blockedURI }) => blockedURI.startsWith(server) && fail());
  // A link of the page can open the chat too. Without this script it leads to the chat's own page.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-signpost]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    open(link);
  });
  // Neither the chat nor the cover comes back with the back button.
  addEventListener("pagehide", forget);
  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    for (const dialog of [panel, cover]) if (dialog.open) dialog.close();
    launcher.hidden = false;
  });

  // After the body, and above everything, so that nothing of the page moves or covers it.
  const begin = () => {
    document.documentElement.append(host);
    if (host.showPopover) host.showPopover();
  };
  document.body ? begin() : addEventListener("DOMContentLoaded", begin);
})();
