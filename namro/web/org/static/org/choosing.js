// A search box above a long list of units: every word typed must stand in the name or the code,
// with or without diacritics. What is chosen stays in sight. Without this script all are shown.
(() => {
  "use strict";
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();

  const entries = (list) => list.matches("select")
    ? [...list.options].filter((o) => o.value).map((o) => ({ at: o, text: fold(o.text), chosen: () => o.selected }))
    : [...list.querySelectorAll("label")].map((l) => ({ at: l.parentElement, text: fold(l.textContent), chosen: () => l.querySelector("input").checked }));

  const attach = (list) => {
    const all = entries(list), box = document.createElement("input"), said = document.createElement("div");
    box.type = "search"; box.placeholder = "Tìm theo tên hoặc mã đơn vị"; box.className = "find-unit";
    box.setAttribute("aria-label", box.placeholder); box.autocomplete = "off";
    said.className = "help"; said.setAttribute("role", "status");
    const show = () => {
      const words = fold(box.value).split(/\s+/).filter(Boolean);
      let found = 0;
      for (const one of all) {
        const fits = words.every((w) => one.text.includes(w));
        one.at.hidden = !fits && !one.chosen();
        found += fits ? 1 : 0;
      }
      const chosen = all.filter((one) => one.chosen()).length;
      const parts = [];
      if (words.length) parts.push(found ? `${found} đơn vị khớp` : "Không có đơn vị nào khớp");
      if (!list.matches("select")) parts.push(`đã chọn ${chosen}`);
      said.textContent = parts.join(", ");
    };
    // One match left in a drop-down: that is the one meant.
    const settle = () => {
      const words = fold(box.value).split(/\s+/).filter(Boolean);
      const fits = all.filter((one) => words.length && words.every((w) => one.text.includes(w)));
      if (list.matches("select") && fits.length === 1) fits[0].at.selected = true;
      show();
    };
    box.addEventListener("input", settle);
    box.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    list.addEventListener("change", show);
    list.before(box); list.after(said); show();
  };

  document.querySelectorAll("select.choose-unit, div.choose-units").forEach(attach);
})();
