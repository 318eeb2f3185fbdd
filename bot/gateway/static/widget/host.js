// The website around the frame: exact origins on both sides, three words each way, and nothing of the chat in them.

const site = location.hash.slice(1);
const framed = parent !== window;
const sites = [location.origin, ...document.body.dataset.sites.split(" ")];
const allowed = framed && site !== "" && sites.includes(site);

export const canClose = allowed;

// "ready": the panel is there; "close": hide it; "leave": blank the page and go.
export function tell(what) {
  if (allowed) parent.postMessage({ signpost: what }, site);
}

// "open": the panel has been shown; "leave": forget everything.
export function listen(handlers) {
  addEventListener("message", ({ source, origin, data }) => {
    if (!allowed || source !== parent || origin !== site || typeof data !== "object" || data === null) return;
    if (data.signpost === "open" || data.signpost === "leave") handlers[data.signpost]();
  });
}

// Go to an everyday page in place of this one, so that the back button does not lead here.
export function go() {
  const url = document.body.dataset.leave;
  tell("leave");
  if (!allowed) top.location.replace(url);
  else setTimeout(() => top.location.replace(url), 500); // the website's page should have gone by now
}

// Three times Shift within five seconds, and nothing between.
export function onThreeShifts(act) {
  let presses = [];
  let alone = false;
  addEventListener("keydown", ({ key }) => {
    alone = key === "Shift";
    if (!alone) presses = [];
  });
  addEventListener("keyup", ({ key, timeStamp }) => {
    if (key !== "Shift" || !alone) return;
    presses = [timeStamp, ...presses];
    if (timeStamp - presses[2] < 5000) act();
  });
}
