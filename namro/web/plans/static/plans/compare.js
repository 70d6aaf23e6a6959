// Lines by keyboard: J and K move, C confirms, X rejects, G links anew, Z takes back.
(() => {
  const choosing = document.querySelector("form.choose");
  if (choosing) {
    const file = choosing.querySelector("input[type=file]");
    choosing.classList.add("scripted");
    file.addEventListener("change", () => {
      choosing.querySelector("[data-chosen]").textContent = file.files[0]?.name ?? "";
      for (const other of choosing.querySelectorAll("input[name=voi]")) other.checked = false;
    });
  }
  const lines = () => [...document.querySelectorAll("[data-line]")];
  const typing = (e) => e.matches("input, select, textarea, [contenteditable]");
  const go = (line) => { if (line) { line.focus({ preventScroll: true }); line.scrollIntoView({ block: "nearest" }); } };
  const asked = document.getElementById(location.hash.slice(1));
  if (asked && asked.matches("[data-line]")) go(asked.nextElementSibling || asked);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target;
    if (event.key === "Escape" && typing(target)) { go(target.closest("[data-line]")); return; }
    if (typing(target)) return;
    const key = event.key.toLowerCase();
    const all = lines();
    const at = all.indexOf(target.closest("[data-line]"));
    if (key === "j" || key === "k") { event.preventDefault(); go(all[key === "j" ? at + 1 : Math.max(at - 1, 0)]); return; }
    const button = at < 0 ? null : all[at].querySelector(`[data-key="${key}"]`);
    if (!button || !"cxgz".includes(key)) return;
    event.preventDefault();
    button.click();
    if (key === "g") (button.parentElement.querySelector(".candidate") || button.parentElement.querySelector("input"))?.focus();
  });
})();
