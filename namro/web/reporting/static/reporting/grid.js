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
  const undo = form.querySelector("[data-undo]"), pasted = form.querySelector("[data-pasted]");
  let before = [];
  const tell = (text) => { pasted.textContent = text; undo.hidden = !before.length; };
  const signs = (count) => count.toLocaleString("vi-VN");

  // A browser cuts what is longer than its field takes without a word: here it is refused with one.
  form.addEventListener("beforeinput", (event) => {
    const field = event.target, text = (event.data ?? event.dataTransfer?.getData("text/plain") ?? "").replace(/\r\n?/g, "\n");
    if (!(field.maxLength > 0) || !text || event.isComposing) return;
    const count = field.value.length - (field.selectionEnd - field.selectionStart) + text.length;
    if (count <= field.maxLength) return;
    event.preventDefault();
    tell(text.length > 1
      ? `Chưa dán: ô này chỉ nhận ${signs(field.maxLength)} ký tự, dán vào thì dài ${signs(count)} ký tự. Hãy rút gọn rồi dán lại.`
      : `Ô này đã đủ ${signs(field.maxLength)} ký tự, không nhận thêm. Hãy rút gọn; phần dài gửi kèm thành tệp minh chứng.`);
  });
  const set = (field, text, again) => {
    if (!again && field.maxLength > 0 && text.length > field.maxLength) return false;
    if (field.tagName === "SELECT") {
      const fit = [...field.options].find((o) => o.text.toLowerCase() === text.toLowerCase());
      if (!fit && text) return false;
      field.value = fit ? fit.value : "";
    } else field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    return true;
  };
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
    const refused = fits.filter(([field, value]) => !set(field, value)).map(([field]) => field);
    const where = (many) => many.map((field) => `${field.name.startsWith("n-") ? "ghi chú " : ""}dòng ${rows.indexOf(field.closest("tr")) + 1}`).join(", ");
    const listed = refused.filter((field) => field.tagName === "SELECT"), long = refused.filter((field) => field.tagName !== "SELECT");
    before = before.filter(([field]) => !refused.includes(field));
    tell(`Đã dán ${fits.length - refused.length} ô.` + (left > 0 ? ` Còn ${left} dòng thừa ở cuối khối không có chỗ trong biểu.` : "")
      + (listed.length ? ` Giữ nguyên ${where(listed)}: nội dung dán không có trong danh sách chọn.` : "")
      + (long.length ? ` Giữ nguyên ${where(long)}: nội dung dán dài hơn mức ô nhận; hãy rút gọn rồi dán riêng.` : ""));
  });
  undo.addEventListener("click", () => { const again = before; before = []; again.forEach(([field, text]) => set(field, text, true)); tell("Đã hoàn tác lần dán."); });
})();
