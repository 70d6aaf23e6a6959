// A template mapped by picking: a click on a cell, a choice beside it. What is picked is plain data,
// sent whole and checked by the site; nothing is kept before "Lưu cách ghép".
for (const list of document.querySelectorAll("[role=tablist]")) {
  const tabs = [...list.querySelectorAll("[role=tab]")];
  const open = (tab) => {
    for (const one of tabs) {
      one.setAttribute("aria-selected", String(one === tab));
      one.tabIndex = one === tab ? 0 : -1;
      document.getElementById(one.getAttribute("aria-controls")).hidden = one !== tab;
    }
  };
  for (const tab of tabs) tab.addEventListener("click", () => open(tab));
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
    open(next);
    next.focus();
  });
}

const root = document.querySelector("[data-mapping]");
if (root) {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const mapping = { spots: [], blocks: [], codes: {}, ...read("cach-ghep") };
  const choices = read("lua-chon");
  const panel = root.querySelector("[data-panel]");
  const saving = document.querySelector("[data-save]");
  const codes = document.getElementById("codes");
  const part = (name) => panel.querySelector(`[data-${name}]`);
  const field = (name) => panel.elements[name];
  let chosen = null; // {sheet, cell, row, column}

  const letters = (cell) => cell.replace(/\d+/g, "");
  const row = (cell) => Number(cell.replace(/\D+/g, ""));
  const tableOf = (sheet) =>
    [...root.querySelectorAll("[data-sheet]")].find((s) => s.dataset.sheet === sheet);
  const tdOf = (sheet, cell) => tableOf(sheet)?.querySelector(`[data-at="${cell}"]`);
  const labelOf = (one) => {
    const all = Object.values(choices.fields).flat();
    const said = all.find((f) => f.key === one.what)?.label ?? one.what;
    if (one.what === "text") return `“${one.text ?? ""}”`;
    return one.of ? `${said} (${one.of})` : said;
  };
  const lookOf = (one) => {
    const look = one.look ?? {};
    const said = [];
    for (const key of ["number", "scale", "format", "date", "missing"]) {
      if (look[key] !== undefined && look[key] !== USUAL[key]) said.push(choices[key][look[key]]);
    }
    return said.join("; ");
  };

  const fillSelect = (select, pairs) => {
    const before = select.value;
    select.replaceChildren(...pairs.map(([value, label]) => new Option(label, value)));
    if (pairs.some(([value]) => value === before)) select.value = before;
  };
  const LOOKS = ["scale", "number", "format", "date", "missing"];
  for (const name of LOOKS) fillSelect(field(name), Object.entries(choices[name]));
  // Objects put keys that look like whole numbers first: the usual choice is named here.
  const USUAL = { scale: "1", number: "number", format: "", date: "date", missing: "blank" };
  for (const name of LOOKS) {
    field(name).prepend(...[...field(name).options].filter((o) => o.value === USUAL[name]));
    field(name).value = USUAL[name];
  }
  fillSelect(field("level"), Object.entries(choices.levels));
  fillSelect(field("match"), Object.entries(choices.matches));
  fillSelect(field("of"), [
    ["", "– chọn chỉ tiêu –"],
    ...choices.targets.map((t) => [t.code, t.measured ? t.label : `${t.label} [chưa có cách đo]`]),
  ]);

  const blockAt = (sheet, line, kind) =>
    mapping.blocks.find(
      (b) => b.sheet === sheet && line >= b.first && line <= b.last && (!kind || b.rows === kind),
    );
  const found = () => {
    if (!chosen) return null;
    const spot = mapping.spots.find((s) => s.sheet === chosen.sheet && s.cell === chosen.cell);
    if (spot) return { kind: "cell", one: spot };
    for (const block of mapping.blocks) {
      if (block.sheet !== chosen.sheet || chosen.row < block.first || chosen.row > block.last)
        continue;
      const one = block.columns.find((c) => c.column === chosen.column);
      if (one) return { kind: block.rows, one, block };
    }
    return null;
  };

  const show = () => {
    const kind = field("kind").value;
    const fields = choices.fields[kind];
    fillSelect(field("what"), fields.map((f) => [f.key, f.label]));
    const what = fields.find((f) => f.key === field("what").value);
    part("of-block").hidden = kind === "cell";
    part("of-units").hidden = kind !== "units";
    part("of-match").hidden = !field("match").value;
    part("of-target").hidden = what.about !== "target" || kind === "targets";
    part("of-text").hidden = what.key !== "text";
    part("of-number").hidden = what.kind !== "number";
    part("of-date").hidden = what.kind !== "date";
    part("of-words").hidden = field("missing").value !== "words";
  };

  const choose = (sheet, cell) => {
    chosen = { sheet, cell, row: row(cell), column: letters(cell) };
    const now = found();
    const block = now?.block ?? blockAt(sheet, chosen.row);
    part("nothing").hidden = true;
    part("something").hidden = false;
    part("wrong").hidden = true;
    part("cell").textContent = `${cell}, trang ${sheet}`;
    part("drop").hidden = !now;
    part("put").textContent = now ? "Ghép lại" : "Ghép";
    field("kind").value = now?.kind ?? block?.rows ?? "cell";
    field("first").value = block?.first ?? chosen.row;
    field("last").value = block?.last ?? lastFree(sheet, cell);
    field("level").value = block?.level ?? "commune";
    field("match").value = block?.match ?? "";
    field("match_column").value = block?.match_column ?? "A";
    show();
    field("what").value = now?.one.what ?? field("what").value;
    field("of").value = now?.one.of ?? "";
    field("text").value = now?.one.text ?? "";
    const look = now?.one.look ?? {};
    for (const name of LOOKS) field(name).value = look[name] ?? USUAL[name];
    field("digits").value = look.digits ?? "";
    field("missing_words").value = look.missing_words ?? "";
    show();
    draw();
    part("something").dataset.ready = cell;
  };

  // Rows below that are shown and hold no formula in this column: as far as a block may reach.
  const lastFree = (sheet, cell) => {
    let last = row(cell);
    for (let next = last + 1; ; next += 1) {
      const td = tdOf(sheet, letters(cell) + next);
      if (!td || td.classList.contains("formula")) return last;
      last = next;
    }
  };

  const taken = () => {
    const one = { what: field("what").value, look: {} };
    if (!part("of-target").hidden) one.of = field("of").value;
    if (!part("of-text").hidden) one.text = field("text").value;
    if (!part("of-number").hidden) {
      for (const name of ["number", "scale", "format"]) one.look[name] = field(name).value;
      const digits = field("digits").value.trim();
      if (digits) one.look.digits = Number(digits);
    }
    if (!part("of-date").hidden) one.look.date = field("date").value;
    one.look.missing = field("missing").value;
    if (!part("of-words").hidden) one.look.missing_words = field("missing_words").value;
    return one;
  };

  const drop = () => {
    const now = found();
    if (!now) return;
    if (now.block) now.block.columns = now.block.columns.filter((c) => c !== now.one);
    else mapping.spots = mapping.spots.filter((s) => s !== now.one);
    mapping.blocks = mapping.blocks.filter((b) => b.columns.length);
  };

  const wrong = () => {
    if (!part("of-target").hidden && !field("of").value) return ["of", "Chưa chọn chỉ tiêu."];
    if (!part("of-text").hidden && !field("text").value.trim()) return ["text", "Chưa ghi chữ."];
    const digits = field("digits").value.trim();
    if (digits && !/^[0-9]$/.test(digits)) return ["digits", "Số chữ số lẻ từ 0 đến 9."];
    if (field("kind").value === "cell") return null;
    const [first, last] = [field("first").value, field("last").value].map(Number);
    if (!Number.isInteger(first) || first < 1 || first > chosen.row)
      return ["first", `Dòng đầu phải từ 1 đến ${chosen.row}.`];
    if (!Number.isInteger(last) || last < chosen.row)
      return ["last", `Dòng cuối phải từ ${chosen.row} trở xuống.`];
    return null;
  };

  const put = () => {
    const fault = wrong();
    part("wrong").hidden = !fault;
    if (fault) {
      part("wrong").textContent = fault[1];
      field(fault[0]).focus();
      return;
    }
    const [kind, one] = [field("kind").value, taken()];
    drop();
    if (kind === "cell") {
      mapping.spots.push({ sheet: chosen.sheet, cell: chosen.cell, ...one });
    } else {
      let block = blockAt(chosen.sheet, chosen.row, kind);
      if (!block) {
        block = { sheet: chosen.sheet, rows: kind, columns: [] };
        mapping.blocks.push(block);
      }
      block.first = Number(field("first").value);
      block.last = Number(field("last").value);
      block.level = field("level").value;
      block.match = field("match").value;
      block.match_column = block.match ? field("match_column").value.trim().toUpperCase() : "";
      block.columns.push({ column: chosen.column, ...one });
    }
    changed();
    choose(chosen.sheet, chosen.cell);
  };

  const everything = () => [
    ...mapping.spots.map((s) => ({ sheet: s.sheet, cell: s.cell, where: `${s.sheet}!${s.cell}`, one: s })),
    ...mapping.blocks.flatMap((b) =>
      b.columns.map((c) => ({
        sheet: b.sheet,
        cell: `${c.column}${b.first}`,
        where: `${b.sheet}!${c.column}${b.first}:${c.column}${b.last} – ${choices.rows[b.rows]}`,
        one: c,
        block: b,
      })),
    ),
  ];

  const draw = () => {
    for (const td of root.querySelectorAll("td.mapped, td.chosen")) {
      td.classList.remove("mapped", "chosen");
      delete td.dataset.what;
    }
    const all = everything();
    for (const { sheet, cell, one, block } of all) {
      for (let line = row(cell); line <= (block ? block.last : row(cell)); line += 1) {
        const td = tdOf(sheet, letters(cell) + line);
        if (!td) break;
        td.classList.add("mapped");
        if (line === row(cell)) td.dataset.what = labelOf(one);
      }
    }
    if (chosen) tdOf(chosen.sheet, chosen.cell)?.classList.add("chosen");
    document.querySelector("[data-count]").textContent = `${all.length} ô, cột`;
    document.querySelector("[data-list]").replaceChildren(...all.map(line));
  };

  const line = ({ sheet, cell, where, one }) => {
    const made = document.createElement("tr");
    for (const text of [where, labelOf(one), lookOf(one)]) made.insertCell().textContent = text;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link";
    button.textContent = "Sửa";
    button.setAttribute("aria-label", `Sửa ${where}`);
    button.addEventListener("click", () => {
      document.getElementById(tableOf(sheet)?.getAttribute("aria-labelledby"))?.click();
      choose(sheet, cell);
      panel.scrollIntoView({ block: "nearest" });
    });
    made.insertCell().append(button);
    return made;
  };

  let unsaved = false;
  const changed = () => {
    unsaved = true;
    document.querySelector("[data-unsaved]").hidden = false;
  };
  const countCodes = () => {
    const lines = codes.value.split("\n").filter((l) => l.trim());
    document.querySelector("[data-codes-count]").textContent = lines.length;
    return lines;
  };

  root.addEventListener("click", (event) => {
    const td = event.target.closest("td[data-at]");
    if (!td || td.classList.contains("formula")) return;
    choose(td.closest("[data-sheet]").dataset.sheet, td.dataset.at);
    if (matchMedia("(max-width: 900px)").matches) panel.scrollIntoView();
  });
  // By keyboard: arrows move from cell to cell, Enter goes to the panel.
  root.addEventListener("keydown", (event) => {
    const sheet = event.target.closest("[data-sheet]");
    if (!sheet || !event.key.match(/^(Arrow|Enter)/)) return;
    event.preventDefault();
    if (event.key === "Enter" && chosen) return field("kind").focus();
    const cells = [...sheet.querySelectorAll("td[data-at]")];
    const now = sheet.querySelector("td.chosen") ?? cells[0];
    const [at, tr] = [now.cellIndex, now.parentElement];
    const next = {
      ArrowRight: now.nextElementSibling,
      ArrowLeft: now.previousElementSibling,
      ArrowDown: tr.nextElementSibling?.cells[at],
      ArrowUp: tr.previousElementSibling?.cells[at],
    }[event.key];
    if (!next?.dataset.at) return;
    choose(sheet.dataset.sheet, next.dataset.at);
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  panel.addEventListener("change", show);
  panel.addEventListener("submit", (event) => {
    event.preventDefault();
    put();
  });
  part("drop").addEventListener("click", () => {
    drop();
    changed();
    choose(chosen.sheet, chosen.cell);
  });
  codes.value = Object.entries(mapping.codes).map(([ours, theirs]) => `${ours} = ${theirs}`).join("\n");
  codes.addEventListener("input", () => {
    changed();
    countCodes();
  });
  saving.addEventListener("submit", () => {
    mapping.codes = Object.fromEntries(
      countCodes().map((l) => {
        const [ours, ...theirs] = l.split("=");
        return [ours.trim(), theirs.join("=").trim()];
      }),
    );
    saving.querySelector("[data-contents]").value = JSON.stringify(mapping);
    unsaved = false;
  });
  addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
  countCodes();
  draw();
  root.dataset.ready = "1";
}
