// Choosing many returns at once.
(() => {
  "use strict";
  const all = document.querySelector("[data-all]"), said = document.querySelector("[data-count]");
  if (!all) return;
  const boxes = [...document.querySelectorAll("input[name=chosen]")];
  const tell = () => {
    const chosen = boxes.filter((b) => b.checked).length;
    said.textContent = chosen ? `Đã chọn ${chosen} báo cáo.` : "Chưa chọn báo cáo nào.";
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  };
  const sound = boxes.filter((b) => !("findings" in b.dataset));
  all.disabled = sound.length === 0;
  all.addEventListener("change", () => { sound.forEach((b) => { b.checked = all.checked; }); tell(); });
  boxes.forEach((b) => b.addEventListener("change", tell));
  tell();
})();
