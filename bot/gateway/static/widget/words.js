// Approved text as elements: paragraphs, lists and numbers to call, without a change to any character of it.
// It does what bot/gateway/words.py does for the pages. Nothing is ever read as HTML.

// Numbers are dialled by the whole window: a website's policy for its frames has no say in it.
export function dialledByTheWindow(part) {
  for (const anchor of part.querySelectorAll("a.number")) anchor.target = "_top";
  return part;
}

// The words of the page's templates.
export const copy = (id) => dialledByTheWindow(document.getElementById(id).content.firstElementChild.cloneNode(true));

const anchors = new Map([...copy("numbers").children].map((anchor) => [anchor.textContent, anchor]));
const numbers = new RegExp([...anchors.keys()].sort((one, other) => other.length - one.length).join("|"), "g");

// The numbers of a text become links. Digits that are part of something longer do not.
export function linked(text) {
  const out = document.createDocumentFragment();
  let end = 0;
  for (const { 0: number, index } of text.matchAll(numbers)) {
    const after = index + number.length;
    if (/[\d+]$/.test(text.slice(0, index)) || /^(\d|-hour)/.test(text.slice(after))) continue;
    out.append(text.slice(end, index), anchors.get(number).cloneNode(true));
    end = after;
  }
  out.append(text.slice(end));
  return out;
}

const BULLET = "• ";

function kindOf(line) {
  if (!line.trim()) return "blank";
  return line.trimStart().startsWith(BULLET) ? "list" : "text";
}

const linesOf = (text) => text.match(/[^\n]*\n|[^\n]+/g) || [];

// Lines of one kind that follow each other.
function groups(text) {
  const out = [];
  for (const line of linesOf(text)) {
    const kind = kindOf(line);
    if (out.length && out[out.length - 1].kind === kind) out[out.length - 1].text += line;
    else out.push({ kind, text: line });
  }
  return out;
}

// Line breaks stay between the elements, where a browser does not show them: the text of the whole is the text.
export function paragraphs(text) {
  const out = element("div", "words");
  for (const { kind, text: part } of groups(text)) {
    if (kind === "blank") {
      out.append(part);
    } else if (kind === "list") {
      const list = element("ul");
      list.setAttribute("role", "list");
      for (const line of linesOf(part)) list.append(...item(line));
      out.append(list);
    } else {
      const body = part.replace(/\n+$/, "");
      const paragraph = element("p");
      paragraph.append(linked(body));
      out.append(paragraph, part.slice(body.length));
    }
  }
  return out;
}

function item(line) {
  const body = line.replace(/\n$/, "");
  const words = body.indexOf(BULLET) + BULLET.length;
  const mark = element("span");
  mark.setAttribute("aria-hidden", "true");
  mark.textContent = body.slice(0, words);
  const out = element("li");
  out.append(mark, linked(body.slice(words)));
  return [out, line.slice(body.length)];
}

export function element(tag, name = "") {
  const out = document.createElement(tag);
  if (name) out.className = name;
  return out;
}
