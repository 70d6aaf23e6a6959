// The form as a sheet: arrows and Enter move, a block copied from a spreadsheet is pasted over cells.
(() => {
  "use strict";
  const form = document.getElementById("bieu");
  if (!form) return;
  const rows = [...form.querySelectorAll("tr[data-element]")];
  const columns = ["v-", "n-"];
  const at = (row, column) => rows[row]?.querySelector(`[name="${columns[column]}${CSS.escape(rows[row].dataset.element)}"]`);
  const placeOf = (field) => {
    const column = columns.findIndex((start) => field.name?.startsWith(start));
    return column < 0 ? null : { column, row: rows.indexOf(field.closest("tr")) };
  };
  const go = (row, column) => { const next = at(row, column); if (next) { next.focus(); next.select?.(); } return !!next; };

  form.addEventListener("keydown", (event) => {
    const field = event.target, place = placeOf(field);
    if (!place || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const area = field.tagName === "TEXTAREA", list = field.tagName === "SELECT";
    const start = field.selectionStart === 0 && field.selectionEnd === 0;
    const whole = !list && field.selectionStart === 0 && field.selectionEnd === field.value.length;
    const end = field.selectionStart === field.value?.length && field.selectionEnd === field.value?.length;
    const moves = {
      Enter: () => !(area && event.shiftKey) && (go(place.row + (event.shiftKey ? -1 : 1), place.column) || !area),
      ArrowDown: () => !list && !event.shiftKey && (!area || end || whole) && go(place.row + 1, place.column),
      ArrowUp: () => !list && !event.shiftKey && (!area || start || whole) && go(place.row - 1, place.column),
      ArrowRight: () => !list && !event.shiftKey && (end || whole) && place.column === 0 && go(place.row, 1),
      ArrowLeft: () => !event.shiftKey && (start || whole) && place.column === 1 && go(place.row, 0),
    };
    if (moves[event.key]?.()) event.preventDefault();
  });

  // Text as spreadsheets put it on the clipboard: tabs between cells, quotes around lines in one.
  const block = (text) => {
    const lines = [[]];
    const cell = /(?:"((?:[^"]|"")*)"|([^\t\n"]?[^\t\n]*))(\t|\n|$)/gy, clean = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
    for (let found; (found = cell.exec(clean));) {
      lines.at(-1).push((found[1] !== undefined ? found[1].replaceAll('""', '"') : found[2]).trim());
      if (found[3] === "\n") lines.push([]);
      if (found[3] === "" ) break;
    }
    return lines;
  };
  const set = (field, text) => {
    if (field.tagName === "SELECT") {
      const fit = [...field.options].find((o) => o.text.toLowerCase() === text.toLowerCase());
      if (!fit && text) return false;
      field.value = fit ? fit.value : "";
    } else field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    return true;
  };
  const undo = form.querySelector("[data-undo]"), pasted = form.querySelector("[data-pasted]");
  let before = [];
  const tell = (text) => { pasted.textContent = text; undo.hidden = !before.length; };
  form.addEventListener("paste", (event) => {
    const place = placeOf(event.target), text = event.clipboardData?.getData("text/plain") || "";
    if (!place) return;
    const lines = block(text), wide = Math.max(...lines.map((line) => line.length));
    if (lines.length === 1 && wide === 1) return; // one cell: as everywhere
    if (event.target.tagName === "TEXTAREA" && wide === 1 && !text.includes("\t")) return; // lines of one note
    event.preventDefault();
    if (wide > columns.length - place.column) {
      before = [];
      tell(`Khối vừa dán có ${wide} cột, từ ô này biểu chỉ nhận ${columns.length - place.column} cột. Chưa ô nào bị thay; hãy chép riêng cột số liệu${place.column ? "" : " (và cột ghi chú liền sau)"} rồi dán lại.`);
      return;
    }
    const targets = lines.flatMap((line, down) => line.map((value, right) => [at(place.row + down, place.column + right), value]));
    const fits = targets.filter(([field]) => field), left = lines.length - (rows.length - place.row);
    before = fits.map(([field]) => [field, field.value]);
    const refused = fits.filter(([field, value]) => !set(field, value)).length;
    tell(`Đã dán ${fits.length - refused} ô.` + (left > 0 ? ` Còn ${left} dòng thừa ở cuối khối không có chỗ trong biểu.` : "") + (refused ? ` ${refused} ô không có trong danh sách chọn nên giữ nguyên.` : ""));
  });
  undo.addEventListener("click", () => { const again = before; before = []; again.forEach(([field, text]) => set(field, text)); tell("Đã hoàn tác lần dán."); });
})();
