// The review's keys, the words lit, one item changed at a time. All of it works without, too.
// The content security policy forbids style attributes; none is carried over in a swap.
// A panel is whole when its answer has come: no moment in which a key meets buttons not yet at work.
if (window.htmx) {
  window.htmx.config.attributesToSettle = ["class"];
  window.htmx.config.defaultSettleDelay = 0;
}

const root = document.querySelector("#ra-soat");
const paper = () => document.querySelector(".paper");
const news = () => document.querySelector("#moi");
const has = (element, key) => (element.dataset.k ?? "").split(" ").includes(key);
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;

// The words of the current item: lit, and in sight.
function light(key) {
  const box = paper();
  if (!box || !root) return;
  for (const old of box.querySelectorAll(".lit")) {
    old.classList.remove("lit");
    for (const mark of old.querySelectorAll("mark")) mark.replaceWith(...mark.childNodes);
  }
  const words = [...box.querySelectorAll("[data-k]")].filter((element) => has(element, key));
  for (const word of words) word.classList.add("lit");
  if (words.length) intoSight(words[0], words[words.length - 1]);
}
function intoSight(first, last) {
  const box = paper();
  if (box.scrollHeight <= box.clientHeight + 4) return;
  const here = box.getBoundingClientRect();
  const top = first.getBoundingClientRect().top - here.top;
  const bottom = (last ?? first).getBoundingClientRect().bottom - here.top;
  if (top < 30 || bottom > box.clientHeight - 30) {
    box.scrollBy({ top: top - box.clientHeight / 3, behavior: calm ? "auto" : "smooth" });
  }
}

// What others and I did: signs and lines in the queue, outlines on the page pictures.
function takeNews() {
  const told = news();
  if (!told) return;
  for (const line of [...document.querySelectorAll("#moi-dong > li")]) {
    const old = document.getElementById(line.id);
    if (old && old !== line) old.replaceWith(line);
    else {
      const before = document.getElementById(`d-${line.dataset.after}`);
      if (before) before.after(line);
      else document.querySelector("ol.queue")?.prepend(line);
    }
  }
  for (const [key, sign] of JSON.parse(told.dataset.marks || "[]")) {
    const line = document.getElementById(`d-${key}`);
    if (sign === "g") {
      line?.remove();
      for (const word of document.querySelectorAll(".pictures [data-k]")) if (has(word, key)) word.remove();
    } else if (line) line.className = { d: "done", x: "dropped", o: "" }[sign];
  }
  redraw(JSON.parse(told.dataset.overlays || "[]"));
  for (const group of document.querySelectorAll("[data-count]")) {
    const lines = group.closest("h3").nextElementSibling.children;
    group.textContent = `${[...lines].filter((l) => l.className).length}/${lines.length}`;
  }
  for (const at of document.querySelectorAll(".queue a[aria-current]")) at.removeAttribute("aria-current");
  const line = document.querySelector(`#d-${CSS.escape(told.dataset.key)} a`);
  line?.setAttribute("aria-current", "true");
  const box = line?.closest(".queue-box");
  if (box && box.scrollHeight > box.clientHeight) {
    const at = line.getBoundingClientRect().top - box.getBoundingClientRect().top;
    if (at < 0 || at > box.clientHeight - 40) box.scrollTop += at - box.clientHeight / 2;
  }
}
function redraw(outlines) {
  const svg = "http://www.w3.org/2000/svg";
  for (const key of new Set(outlines.map(([k]) => k))) {
    for (const old of document.querySelectorAll(".pictures [data-k]")) if (has(old, key)) old.remove();
  }
  for (const [key, page, path, address] of outlines) {
    const link = document.createElementNS(svg, "a");
    link.setAttribute("class", "sentence");
    link.setAttribute("href", address);
    link.setAttribute("tabindex", "-1");
    link.dataset.k = key;
    link.dataset.panel = "";
    const drawn = document.createElementNS(svg, "path");
    drawn.setAttribute("d", path);
    link.append(drawn);
    document.querySelector(`.sheet[data-page="${page}"] svg`)?.append(link);
  }
}

// One request at a time; keys pressed meanwhile wait their turn, so that none acts on the item before.
let busy = false;
const waiting = [];
let cutAt = null;
const open = (address) => window.htmx.ajax("GET", address, { target: "#muc", swap: "outerHTML" });

document.addEventListener("htmx:configRequest", (event) => {
  if (root) event.detail.parameters["tu-thay-doi"] = news()?.dataset.since ?? "0";
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (!root) return;
  if (busy) event.preventDefault();
  else busy = true;
});
for (const name of ["sendError", "timeout", "responseError", "sendAbort", "onLoadError"].map((n) => `htmx:${n}`)) {
  document.addEventListener(name, (event) => {
    if (!root) return;
    busy = false;
    waiting.length = 0;
    const status = event.detail.xhr?.status;
    if (status === 409 || status === 422) return;
    document.querySelector("#da-ghi").textContent = status === 403
      ? "Chưa ghi được: phiên làm việc đã hết hoặc không còn quyền. Hãy tải lại trang."
      : "Chưa ghi được: mất kết nối tới máy chủ. Nội dung vẫn còn trên trang; hãy thử lại.";
  });
}
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (root && xhr.responseURL && !new URL(xhr.responseURL).pathname.startsWith(root.dataset.home)) {
    // Sent elsewhere, most likely to sign in: what was typed must not go with the panel.
    event.detail.shouldSwap = false;
    document.querySelector("#da-ghi").textContent =
      "Chưa ghi được: phiên làm việc đã hết. Hãy đăng nhập lại ở một thẻ khác rồi bấm lần nữa; nội dung vẫn còn trên trang.";
    return;
  }
  if (xhr.status === 409 || xhr.status === 422) { event.detail.shouldSwap = true; event.detail.isError = false; }
});
document.addEventListener("htmx:afterRequest", () => {
  busy = false;
  setTimeout(next, 0);
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (!root) return;
  const target = event.detail.target ?? event.target;
  if (target?.closest?.(".faults")) {
    const fault = document.getElementById(target.id);
    (fault?.nextElementSibling?.querySelector("button") ?? fault?.querySelector("button"))?.focus();
    return;
  }
  if (event.detail.elt?.id !== "muc" && target?.id !== "muc") return;
  takeNews();
  arrive();
});
function next() {
  while (!busy && waiting.length) press(waiting.shift()); // a key without a button asks for nothing
}

// After a step the keys work at once, and a reader says which item this is. A refused field comes first.
function arrive() {
  const panel = document.querySelector("#muc");
  if (!panel) return;
  const first = panel.querySelector("[aria-invalid]") ?? panel.querySelector("[data-cut]") ?? panel;
  const cut = panel.querySelector("[data-cut]");
  const at = cutAt ?? Number(cut?.form.elements.at.value); // before the focus moves the caret
  first.focus({ preventScroll: true });
  if (cut) {
    cut.setSelectionRange(at, at);
    showCut(cut);
    cutAt = null;
  }
  if (news()?.dataset.key.includes("-")) light(news().dataset.key);
}

// Where a sentence is cut: the caret, shown in the two halves.
const signs = (text) => [...text].length;
function showCut(cut) {
  const [first, second] = [cut.value.slice(0, cut.selectionStart), cut.value.slice(cut.selectionStart)];
  cut.form.elements.at.value = signs(first);
  cut.form.querySelector('[data-half="1"]').textContent = first;
  cut.form.querySelector('[data-half="2"]').textContent = second;
}
// Not every browser tells of a caret moved in a field by "selectionchange".
for (const name of ["selectionchange", "keyup", "pointerup", "focusin"]) {
  document.addEventListener(name, () => {
    if (document.activeElement?.matches("[data-cut]")) showCut(document.activeElement);
  });
}
document.addEventListener("beforeinput", (event) => {
  if (event.target.matches("[data-cut]")) event.preventDefault();
});
// A caret or mark already set in the item's words is where it will be cut.
function chosenCut() {
  const selection = document.getSelection();
  const quote = document.querySelector("#muc .quote");
  if (!quote || !selection.rangeCount) return null;
  const at = selection.getRangeAt(0);
  if (quote.contains(at.startContainer)) {
    const before = document.createRange();
    before.selectNodeContents(quote);
    before.setEnd(at.startContainer, at.startOffset);
    return before.toString().length || null;
  }
  const words = selection.toString().trim();
  const found = words ? quote.textContent.indexOf(words) : -1;
  return found > 0 ? found : null;
}

const typing = (element) =>
  element.matches("input:not([type=checkbox]):not([type=radio]), textarea, select");

function press(key) {
  const button = [...root.querySelectorAll("[data-hotkey]")].find((b) => b.dataset.hotkey === key);
  if (button && !button.disabled) button.click();
}
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !root) return;
  const target = event.target;
  if (document.querySelector("dialog[open]")) return;
  if (target.matches("[data-cut]") && event.key === "Enter") {
    event.preventDefault();
    showCut(target);
    target.form.querySelector("button").click();
    return;
  }
  if (event.key === "Escape" && typing(target)) {
    if (target.matches("[data-cut]")) press("Escape");
    else document.querySelector("#muc").focus({ preventScroll: true });
    return;
  }
  if (typing(target) || target.matches("summary")) return;
  if (event.key === "Enter" && target.matches("a, button")) return;
  if (event.key === "/") {
    event.preventDefault();
    const seek = document.querySelector("[data-seek]");
    seek?.closest("details").setAttribute("open", "");
    seek?.focus();
    return;
  }
  const wanted = event.key === "=" ? "+" : event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (![...root.querySelectorAll("[data-hotkey]")].some((b) => b.dataset.hotkey === wanted)) {
    if (!(busy || waiting.length) || wanted.length > 1) return;
  }
  event.preventDefault();
  if (busy || waiting.length) { if (waiting.length < 30) waiting.push(wanted); } else press(wanted);
});

document.addEventListener("click", (event) => {
  const at = event.target.closest?.bind(event.target);
  if (!at) return;
  if (at("[data-print]")) window.print();
  if (!root) return;
  if (at("[data-edit]")) {
    const first = root.querySelector("#muc .doubt :is(input, textarea, select)") ?? root.querySelector("#muc [data-first]");
    first?.focus();
    first?.select?.();
  }
  if (at("[data-keys]")) document.querySelector("#phim").showModal();
  const zoom = at("[data-zoom]");
  if (zoom) zoomBy(Number(zoom.dataset.zoom));
  const take = at("[data-take]");
  if (take) takeValue(take);
  const goto = at("[data-goto]");
  if (goto) {
    const there = document.getElementById(`doan-${goto.dataset.goto}`) ?? document.getElementById(`trang-${goto.dataset.gotoPage}`);
    if (there) { event.preventDefault(); intoSight(there); }
  }
  const link = at("a[data-panel]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && window.htmx) {
    event.preventDefault();
    const address = link.getAttribute("href");
    if (link.dataset.hotkey === "s") cutAt = chosenCut();
    if (!busy) open(address);
  }
});
// The other person's value into the field; the person still confirms it.
function takeValue(button) {
  const { take, into } = button.dataset;
  const units = root.querySelector(`[data-units="${into}"]`);
  if (units) {
    const codes = new Set(take.split(","));
    for (const box of units.querySelectorAll("input[type=checkbox]")) box.checked = codes.has(box.value);
  } else {
    const field = document.getElementById(into);
    if (field.type === "checkbox") field.checked = take === "1";
    else field.value = take;
    field.focus();
  }
  button.closest(".clash").classList.add("taken");
}

document.addEventListener("change", (event) => {
  const element = event.target;
  // The second number is asked for only where a range is.
  if (element.matches("[data-comparator]")) {
    const high = element.form.elements.value_high.closest(".field");
    high.classList.toggle("only-range", element.value !== "range");
  }
  if (element.matches("[data-choose]")) {
    const asked = new URLSearchParams(new FormData(element.form));
    open(`${element.form.getAttribute("action")}?${asked}`);
  }
  if (element.matches("[data-turn]")) document.getElementById(`trang-${element.value}`) && intoSight(document.getElementById(`trang-${element.value}`));
});

// Search in the queue, with or without diacritics; Enter opens the first line found.
const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/gi, "d").toLowerCase();
document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-seek]")) return;
  const words = fold(event.target.value.trim());
  let found = 0;
  for (const line of document.querySelectorAll(".queue > li")) {
    line.hidden = Boolean(words) && !fold(line.textContent).includes(words);
    if (!line.hidden) found += 1;
  }
  document.querySelector("[data-found]").textContent = words ? `${found} mục` : "";
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches(".seek")) return;
  event.preventDefault();
  const first = [...document.querySelectorAll(".queue > li")].find((line) => !line.hidden);
  first?.querySelector("a").click();
});

// Pages: larger, smaller, and which one is in sight.
let zoom = 0;
function zoomBy(step) {
  const box = paper();
  const middle = (box.scrollTop + box.clientHeight / 2) / box.scrollHeight;
  zoom = Math.max(0, Math.min(3, zoom + step));
  for (const n of [1, 2, 3]) box.classList.toggle(`zoom-${n}`, n === zoom);
  for (const picture of box.querySelectorAll("img")) picture.sizes = zoom ? "1600px" : "(max-width: 1000px) 96vw, 46vw";
  box.scrollTop = middle * box.scrollHeight - box.clientHeight / 2;
}
if (root && document.querySelector("[data-turn]")) {
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) document.querySelector("[data-turn]").value = entry.target.dataset.page;
    }
  }, { root: paper(), rootMargin: "-45% 0px -45% 0px" });
  for (const sheet of document.querySelectorAll(".sheet")) seen.observe(sheet);
}

// Where marked words stand in their block: the page's own words (page turns, +) are not counted.
function offsetIn(block, node, offset) {
  const range = document.createRange();
  range.selectNodeContents(block);
  range.setEnd(node, offset);
  const copy = range.cloneContents();
  for (const own of copy.querySelectorAll("[data-skip]")) own.remove();
  return [...copy.textContent].length;
}
document.addEventListener("selectionchange", () => {
  const form = document.querySelector(".mark-add");
  const selection = document.getSelection();
  if (!form || !paper() || form.contains(document.activeElement)) return;
  const closest = (node) => (node?.nodeType === 1 ? node : node?.parentElement)?.closest(".paper [data-block]");
  const block = closest(selection.anchorNode);
  const whole = block && !selection.isCollapsed && block === closest(selection.focusNode);
  form.hidden = !whole;
  if (!whole) return;
  const range = selection.getRangeAt(0);
  form.elements.block.value = block.dataset.block;
  form.elements.start.value = offsetIn(block, range.startContainer, range.startOffset);
  form.elements.end.value = offsetIn(block, range.endContainer, range.endOffset);
});

if (root) {
  arrive();
  takeNews();
} else {
  document.querySelector(".paper mark")?.scrollIntoView({ block: "center" });
}
