// Says what is not yet kept, and asks before it is lost.
(() => {
  const form = document.getElementById("bao-cao");
  const saved = document.getElementById("saved");
  if (!form || !saved) return;
  let changed = false;
  form.addEventListener("input", () => { changed = true; saved.textContent = "Có thay đổi chưa lưu"; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
})();
