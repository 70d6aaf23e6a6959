// The review's keys, the words in sight, and adding from marked words. All of it works without, too.
// The content security policy forbids style attributes; none is carried over in a swap.
if (window.htmx) window.htmx.config.attributesToSettle = ["class"];

const paper = () => document.querySelector("#ra-soat .paper");

function showCurrent(smooth) {
  const mark = document.querySelector(".paper mark[data-current]");
  if (!mark) return;
  const box = mark.closest(".paper");
  if (box.scrollHeight <= box.clientHeight + 4) {
    if (!document.querySelector("#ra-soat")) mark.scrollIntoView({ block: "center" });
    return;
  }
  const at = mark.getBoundingClientRect().top - box.getBoundingClientRect().top;
  if (at < 40 || at > box.clientHeight - 80) {
    box.scrollBy({ top: at - box.clientHeight / 3, behavior: smooth ? "smooth" : "auto" });
  }
}

// What is on the page stays where it is when a part of it is changed for a newer one.
let kept = {};
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status === 409 || xhr.status === 422) { event.detail.shouldSwap = true; event.detail.isError = false; }
  kept = { folds: {}, tops: {} };
  for (const fold of document.querySelectorAll("[data-fold]")) kept.folds[fold.dataset.fold] = fold.open;
  for (const name of [".paper", ".rail .queue", ".faults"]) kept.tops[name] = document.querySelector(name)?.scrollTop;
});
document.addEventListener("htmx:afterSwap", () => {
  for (const [name, open] of Object.entries(kept.folds ?? {})) {
    const fold = document.querySelector(`[data-fold="${name}"]`);
    if (fold) fold.open = open;
  }
  for (const [name, top] of Object.entries(kept.tops ?? {})) {
    const box = document.querySelector(name);
    if (box && top) box.scrollTop = top;
  }
  // Back to the keys: a field of the item before must not catch them. A refused field does.
  const refused = document.querySelector("#ra-soat [aria-invalid]");
  if (refused) refused.focus();
  else if (document.activeElement?.closest("#ra-soat")) document.activeElement.blur();
  showCurrent(true);
});

const typing = (element) => element.matches("input:not([type=checkbox]):not([type=radio]), textarea, select");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !document.querySelector("#ra-soat")) return;
  const target = event.target;
  if (event.key === "Escape" && typing(target)) { target.blur(); return; }
  if (typing(target) || target.matches("summary")) return;
  if (event.key === "Enter" && target.matches("a, button")) return;
  const wanted = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const button = [...document.querySelectorAll("#ra-soat [data-hotkey]")].find((b) => b.dataset.hotkey === wanted);
  if (!button || button.disabled) return;
  event.preventDefault();
  if (button.matches("[data-edit]")) document.querySelector("#ra-soat [data-first]")?.focus();
  else button.click();
});

// The second number is asked for only where a range is.
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-comparator]")) return;
  const high = event.target.form.elements.value_high.closest(".field");
  high.classList.toggle("only-range", event.target.value !== "range");
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-edit]")) document.querySelector("#ra-soat [data-first]")?.focus();
  if (event.target.closest("[data-print]")) window.print();
});

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

showCurrent(false);
