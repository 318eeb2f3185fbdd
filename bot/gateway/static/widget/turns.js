// Turns of the chat as elements. Every label is copied from the page's templates.
import { copy, element, paragraphs } from "./words.js";

export const HELPLINE = "house.helpline";
const URGENT = ["crisis", "emergency"];

const sources = [...copy("sources").children];
const marks = document.body.dataset.marks.split("|");

// What a visitor wrote or chose: text, never anything else. Where personal data was taken out, it says so.
export function you(text) {
  const out = element("div", "asked");
  const words = copy("you");
  words.lastElementChild.textContent = text;
  out.append(words);
  if (marks.some((mark) => text.includes(mark))) out.append(copy("redacted"));
  return out;
}

// What is said: urgent words in their card, the helpline in its panel, an answer with where it comes from.
export function said(turn) {
  const out = copy("signpost");
  const urgent = URGENT.includes(turn.route) ? copy(turn.route) : null;
  if (urgent) out.append(urgent);
  turn.messages.forEach((message, at) => {
    const words = paragraphs(message.text);
    words.dataset.block = message.block;
    if (message.block === HELPLINE) out.append(boxed("helpline", words));
    else if (urgent) urgent.append(words);
    else if (!message.source) out.append(words);
    else out.append(boxed("leaflet", words, ...(goesOn(turn, at) ? [] : origin(message.source))));
  });
  if (turn.reference && turn.messages.some((message) => message.block === HELPLINE)) {
    const reference = copy("reference");
    reference.querySelector(".code").textContent = turn.reference;
    out.append(reference);
  }
  if (turn.choices.length) out.append(choices(turn.choices));
  return out;
}

function boxed(name, ...parts) {
  const box = element("div", name);
  box.append(...parts);
  return box;
}

// Whether the next message is from the same leaflet: it is named once, after the last.
function goesOn({ messages }, at) {
  const next = messages[at + 1];
  return next && next.source && next.source.title === messages[at].source.title;
}

// Title, publisher and dates as the server wrote them; bare facts where the leaflet is newer than the page.
function origin(source) {
  const known = sources.find((entry) => entry.dataset.title === source.title);
  if (known) return [...known.cloneNode(true).childNodes];
  const line = element("p", "source");
  line.textContent = `${source.title}, ${source.last_reviewed}`;
  return [line];
}

function choices(offered) {
  const out = copy("choices");
  for (const { id, title } of offered) {
    const button = element("button");
    button.type = "button";
    button.value = id;
    button.textContent = title;
    out.lastElementChild.append(button);
  }
  return out;
}

// Choices that are over can still be read, and the one that was made says so to those who hear the page.
// It keeps the focus that it has; the Tab key passes over them from now on.
export function retire(list, chosen) {
  for (const button of list.querySelectorAll(".choices button:not([aria-disabled])")) {
    button.setAttribute("aria-disabled", "true");
    button.tabIndex = -1;
    if (button.value !== chosen) continue;
    button.prepend(copy("chosen"));
    button.classList.add("chosen");
  }
}

// One turn in one piece, for the announcement.
export const spoken = (entry) =>
  [...entry.querySelectorAll(".aside, .signpost h3, h4, .words, .code, legend")].map((part) => part.textContent).join("\n");
