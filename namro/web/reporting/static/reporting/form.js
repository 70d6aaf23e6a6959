// The form of a return: what is typed is kept on this device at once and sent cell by cell; what others
// have said meanwhile comes in; a cell said twice is shown for a choice.
(async () => {
  "use strict";
  const form = document.getElementById("bieu");
  if (!form) return;
  const store = self.namroStore, sender = self.namroSender;
  const who = form.dataset.who, duty = Number(form.dataset.duty), correcting = "correcting" in form.dataset;
  const said = form.querySelector("[data-saved]"), enter = form.querySelector("[data-enter]");
  const fields = [...form.querySelectorAll("[name^='v-'], [name^='n-'], [name='note']")];
  const figures = fields.filter((f) => f.name.startsWith("v-"));
  const byName = new Map(fields.map((f) => [f.name, f]));
  const links = [...form.querySelectorAll("[data-link]")], late = form.querySelector("[data-late]");
  const rules = JSON.parse(document.getElementById("luat").textContent), check = self.namroChecks.checker(rules);
  const shown = new Map(fields.map((f) => [f.name, { text: f.value, base: Number(f.dataset.base) || 0 }]));
  let timer = 0, leaving = false, state = "", busy = null;

  const tell = (text, kind = "") => { if (said.textContent !== text) said.textContent = text; said.className = "saved " + kind; };

  // --- checks at the cell, the server's rules --------------------------------------------------
  const message = (kind, text) => { const p = document.createElement("p"); p.className = kind; p.textContent = text; return p; };
  // Text that its cell does not take (it came from an older version, or was put back): why, in words.
  const tooLong = (field) => {
    const signs = [...(field.name.startsWith("v-") ? self.namroChecks.tidy(field.value) : field.value.trim())].length, most = field.maxLength;
    if (!(most > 0) || signs <= most) return "";
    const words = { v: "long_value", n: "long_note" }[field.name.match(/^([vn])-/)?.[1]] || "long_general";
    return self.namroChecks.put(rules.words[words][0], { count: signs.toLocaleString("vi-VN"), most: most.toLocaleString("vi-VN") });
  };
  const checkAll = () => {
    const slugs = (start) => Object.fromEntries(fields.filter((f) => f.name.startsWith(start)).map((f) => [f.name.slice(2), f.value]));
    const { errors, questions } = check(slugs("v-"), slugs("n-"));
    for (const field of figures) {
      const slug = field.name.slice(2), row = field.closest("tr"), asked = questions[slug] || [];
      const wrong = [tooLong(field) || errors[slug] || [], tooLong(byName.get(`n-${slug}`))].flat().filter(Boolean);
      row.classList.toggle("wrong", wrong.length > 0 || !!row.querySelector("[data-conflict]"));
      row.classList.toggle("asked", !wrong.length && (asked.length > 0 || !!row.querySelector(".remark")));
      field.setAttribute("aria-invalid", wrong.length ? "true" : "false");
      byName.get(`n-${slug}`).setAttribute("aria-invalid", tooLong(byName.get(`n-${slug}`)) ? "true" : "false");
      const texts = [...wrong.map((t) => ["fault", t]), ...asked.map((t) => ["query", t])], place = row.querySelector(".messages");
      if (place.textContent !== texts.map(([, t]) => t).join("")) place.replaceChildren(...texts.map(([kind, text]) => message(kind, text)));
    }
    const note = byName.get("note"), long = tooLong(note);
    note.parentElement.querySelector(".messages").replaceChildren(...(long ? [message("fault", long)] : []));
  };

  // --- what is kept here, what the site said ---------------------------------------------------
  const tellState = async () => {
    const mine = await store.unsent(who, duty), known = await store.get("duties", `${who}/${duty}`);
    const left = store.words({ ...mine, cells: mine.cells - mine.held });
    const stuck = [mine.held && `${mine.held} ô dài hơn mức nhận, hãy rút gọn`, mine.left && `${mine.left} ô máy chủ không nhận, hãy đưa lại vào ô hoặc bỏ`, mine.refused && `${mine.refused} minh chứng bị từ chối, hãy sửa hoặc gỡ`].filter(Boolean).join("; ");
    enter.hidden = state !== "signin";
    if (stuck) return tell(`Chưa gửi được: ${stuck}; xem các chỗ báo đỏ trong biểu.${left ? ` Lưu trên máy này, chưa gửi: ${left}.` : ""}`, "bad");
    if (late && !late.hidden) return tell(`Lưu trên máy này, chưa gửi: ${left}. Hãy chọn gửi kèm hoặc bỏ ở khung đầu biểu.`, "bad");
    if (!left) return tell(known?.saved ? `Đã gửi lúc ${known.saved}` : said.textContent);
    if (known?.closed) return tell(`Lưu trên máy này, chưa gửi được: ${left}. ${known.closed}`, "bad");
    if (state === "signin") return tell(`Lưu trên máy này, chưa gửi: ${left}. Phiên làm việc đã hết; đăng nhập lại để gửi tiếp.`, "bad");
    if (state === "offline" || !navigator.onLine) return tell(`Lưu trên máy này, chưa gửi: ${left}. Tự gửi khi có mạng.`, "warn");
    return tell(`Lưu trên máy này, đang gửi: ${left}.`, "warn");
  };
  const waiting = async () => {
    const names = new Map();
    for (const sending of await store.of("sendings", who, duty)) sending.cells.forEach((c) => names.set(c.name, c.text));
    for (const cell of await store.of("cells", who, duty)) names.set(cell.name, cell.text);
    return names;
  };
  const place = (name, text) => { const field = byName.get(name); if (field && field.value !== text) { field.value = text; return true; } return false; };

  // Brings the page to what the device knows: the site's cells, conflicts, and over them the unsent.
  const refresh = async () => {
    const known = await store.get("duties", `${who}/${duty}`), mine = await waiting();
    for (const [name, cell] of Object.entries(known?.cells || {})) {
      if (!byName.has(name) || (shown.get(name)?.base || 0) > cell.base) continue;
      const news = shown.get(name).base !== cell.base;
      shown.set(name, { text: cell.text, base: cell.base });
      if (!mine.has(name) && !typing.has(name) && place(name, cell.text) && news) byName.get(name).title = `Vừa được ghi: ${cell.told}`;
    }
    for (const [name, text] of mine) if (!typing.has(name)) place(name, text);
    for (const field of fields) field.classList.toggle("unsent", mine.has(field.name) || typing.has(field.name));
    if (known && Number(form.elements.seen.value) < known.seen) form.elements.seen.value = known.seen;
    if (known?.told) drawConflicts(known.told.conflicts);
    await drawFiles();
    drawLeft(known);
    await askAlong(known);
    checkAll();
    await tellState();
  };
  const drawConflicts = (conflicts) => {
    for (const [name, field] of byName) {
      const box = (field.closest("tr") || field.parentElement).querySelector(".choices");
      const now = box.querySelector(`[data-conflict="${CSS.escape(name)}"]`);
      if (!conflicts[name]) { now?.remove(); continue; }
      const made = document.createElement("template");
      made.innerHTML = conflicts[name];
      if (!now) box.append(made.content);
      else if (now.querySelector("button").value !== made.content.querySelector("button").value) now.replaceWith(made.content);
    }
  };

  const button = (text, act, kind = "link") => {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", className: kind, textContent: text });
    made.addEventListener("click", async () => { await act(); await refresh(); });
    return made;
  };

  // What the site would not take: whole, with the reason, at its cell (or below, where there is none now).
  const drawLeft = (known) => {
    const there = new Set(store.leftOf(known).map((one) => one.id));
    form.querySelectorAll("[data-left]").forEach((box) => there.delete(box.dataset.left) || box.remove());
    for (const { id, name, text, why } of store.leftOf(known).filter((one) => there.has(one.id))) {
      const field = byName.get(name), box = document.createElement("div"), kept = document.createElement("textarea"), acts = document.createElement("p");
      box.className = "conflict"; box.dataset.left = id;
      Object.assign(kept, { value: text || "", readOnly: true, rows: 2 });
      kept.setAttribute("aria-label", "Nội dung chưa gửi được");
      if (field) acts.append(button("Đưa lại vào ô", async () => {
        place(name, text);
        await store.takeUp(who, duty, id, !!tooLong(field));
        field.focus(); schedule(1200);
      }, "plain"), " ");
      acts.append(button("Bỏ", async () => { if (window.confirm("Bỏ hẳn nội dung này khỏi máy?")) await store.takeUp(who, duty, id); }));
      box.append(message("fault", why || "Biểu không còn hỏi dòng này. Nội dung đã nhập được giữ ở đây."), kept, acts);
      (field ? (field.closest("tr") || field.parentElement).querySelector(".choices") : form.querySelector("[data-left-out]")).append(box);
    }
  };

  // What was queued before the return was approved goes into its correction only if the person says so.
  const askAlong = async (known) => {
    if (!late) return;
    const rows = (await Promise.all(["cells", "sendings", "files"].map((name) => store.of(name, who, duty)))).flat();
    late.hidden = !known?.closed || rows.every((row) => row.correcting);
    late.querySelector("p").textContent = `Trên máy này còn ${store.words(await store.unsent(who, duty))} nhập trước khi báo cáo được duyệt, chưa gửi. Gửi kèm thì trở thành nội dung đính chính; bỏ thì xóa hẳn khỏi máy.`;
  };
  const decide = async (along) => {
    if (!along && !window.confirm("Bỏ hẳn số liệu và minh chứng chưa gửi này khỏi máy?")) return;
    await writing;
    await store.decide(who, duty, along);
    await refresh();
    await send();
  };
  late?.querySelector("[data-along]").addEventListener("click", () => decide(true));
  late?.querySelector("[data-drop]").addEventListener("click", () => decide(false));

  // Another person signed in at this browser meanwhile: nothing more is taken under this page's name.
  const stranger = () => {
    form.inert = true;
    tell("Biểu này mở dưới tên người đăng nhập trước; trên máy đã có người khác đăng nhập. Hãy tải lại trang rồi nhập.", "bad");
  };
  const isStranger = async () => {
    const now = (await store.owner()) || self.namroLine?.who;
    return !!now && now !== who;
  };

  // --- typing -----------------------------------------------------------------------------------
  const typing = new Map();
  const keep = async (field) => {
    const name = field.name, text = field.value, id = `${who}/${duty}/${name}`;
    if (await store.owner().then((owner) => owner && owner !== who, () => false)) return stranger();
    try {
      const before = await store.get("cells", id), known = await store.get("duties", `${who}/${duty}`);
      // What this person typed before was seen by them, though the page may not have heard its version yet.
      const base = before ? before.base : Math.max(shown.get(name).base, known?.mine?.[name] || 0);
      await store.put("cells", { id, who, duty, name, text, base, at: Date.now(), correcting, offline: !navigator.onLine, held: !!tooLong(field) });
      await tellState();
    } catch { tell("Máy này không giữ được bản nhập (hết chỗ hoặc cửa sổ riêng tư). Đừng đóng trang khi chưa gửi.", "bad"); }
    finally { const left = typing.get(name) - 1; if (left) typing.set(name, left); else typing.delete(name); }
    schedule(1200);
  };
  form.addEventListener("input", (event) => {
    if (!fields.includes(event.target)) return;
    const field = event.target;
    typing.set(field.name, (typing.get(field.name) || 0) + 1);
    field.classList.add("unsent");
    checkAll();
    writing = writing.then(() => keep(field));
  });
  let writing = Promise.resolve();
  // What a page that closes has not yet brought to the store goes where it can be put at once; an address
  // not left yet stands in its field again.
  const CLOSED = `namro:bieu-${duty}-${who}`;
  const closed = () => { try { return JSON.parse(localStorage.getItem(CLOSED)) || {}; } catch { return {}; } };
  const typedNow = (name) => ({ text: byName.get(name).value, base: shown.get(name).base, at: Date.now(), correcting, offline: !navigator.onLine, held: !!tooLong(byName.get(name)) });
  window.addEventListener("pagehide", () => {
    const begun = links.filter((field) => field.value.trim());
    if (!(typing.size || begun.length) || form.inert) return;
    const kept = { typed: { ...closed().typed, ...Object.fromEntries([...typing.keys()].map((name) => [name, typedNow(name)])) } };
    if (begun.length) kept.links = Object.fromEntries(begun.map((field) => [field.name, field.value]));
    try { localStorage.setItem(CLOSED, JSON.stringify(kept)); } catch { /* no room: the store may still have it */ }
  });

  // --- sending ----------------------------------------------------------------------------------
  const schedule = (wait) => { clearTimeout(timer); timer = setTimeout(send, wait); };
  const send = () => (busy ||= (async () => {
    try {
      await writing;
      state = await sender.sendAll();
      if (await isStranger()) return stranger();
      if (self.namroLine) form.elements.csrfmiddlewaretoken.value = self.namroLine.token;
      await refresh();
      if (state === "offline") { schedule(15000); later(); }
    } finally { busy = null; }
    if (state === "sent" && (await store.of("cells", who, duty)).some((c) => !c.held)) schedule(300);
  })());
  const later = async () => { try { await (await navigator.serviceWorker?.ready)?.sync?.register("namro-gui"); } catch { /* no background sending here: this page does it */ } };
  window.addEventListener("online", () => send());
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
  store.listen((what) => { if (what.proof && what.duty === duty) addProof(what.proof); if (what.duty === duty) refresh(); });

  // --- evidence ----------------------------------------------------------------------------------
  const MOST = Number(form.dataset.mostFile);
  const boxOf = (element) => (element ? form.querySelector(`tr[data-element="${CSS.escape(element)}"] .proof`) : form.querySelector("[data-general]"));
  const drawFiles = async () => {
    const files = await store.of("files", who, duty);
    form.querySelectorAll("[data-waiting]").forEach((one) => one.remove());
    for (const file of files) {
      const line = document.createElement("div");
      line.dataset.waiting = file.id; line.className = file.refused ? "fault" : "query";
      line.textContent = file.refused ? `${file.refused} ` : `${file.name}: lưu trên máy này, chưa gửi. `;
      const field = file.refused && file.link && links.find((one) => one.name === `l-${file.element}`);
      if (field) line.append(button("Sửa lại", async () => { field.value = file.link; field.focus(); await store.remove("files", file.id); }), " ");
      line.append(button("Gỡ", () => store.remove("files", file.id)));
      (boxOf(file.element) || form.querySelector("[data-left-out]")).prepend(line); // a row no longer asked
    }
  };
  const addProof = (proof) => {
    const box = boxOf(proof.element);
    if (!box || box.querySelector(`a[href="${proof.address}"]`)) return;
    const line = document.createElement("div"), link = document.createElement("a"), off = document.createElement("button");
    link.href = proof.address; link.textContent = proof.name;
    off.className = "link"; off.name = "detach"; off.value = proof.pk; off.textContent = "Gỡ";
    line.append(link, " ", off); box.prepend(line);
  };
  // A page named as evidence waits here like a file, under an id of its own.
  const keepLink = (field) => {
    const link = field.value.trim();
    field.value = "";
    writing = writing.then(async () => {
      try { await store.put("files", { id: store.newId(), who, duty, element: field.name.slice(2), name: link, link, correcting, refused: "" }); }
      catch { field.value = link; return tell("Máy này không giữ được địa chỉ trang (hết chỗ hoặc cửa sổ riêng tư). Hãy bấm Lưu bản nhập khi có mạng.", "bad"); }
      await refresh();
      send();
    });
  };
  form.addEventListener("change", async (event) => {
    const field = event.target;
    if (field.matches("[data-link]") && field.value.trim()) { keepLink(field); return; }
    if (!field.matches("[data-upload]") || !field.files.length) return;
    if (!self.crypto?.subtle) { form.requestSubmit(); return; } // without a secure line: the plain way
    const element = field.name.slice(2);
    for (const file of field.files) {
      const refused = file.size > MOST ? `Tệp “${file.name}” lớn hơn ${MOST / 1048576} MB. Hãy giảm độ phân giải của ảnh, nén hoặc chia nhỏ tệp rồi gửi lại.` : "";
      await store.put("files", { id: store.newId(), who, duty, element, name: file.name, size: file.size, blob: refused ? null : new Blob([await file.arrayBuffer()]), refused, correcting });
    }
    field.value = "";
    navigator.storage?.persist?.();
    await refresh();
    send();
  });

  // --- handing in: only when all that was typed is on the site and seen there --------------------
  form.addEventListener("submit", async (event) => {
    if (leaving) return;
    event.preventDefault();
    const act = event.submitter, choosing = act?.name === "chon";
    clearTimeout(timer);
    await writing; if (busy) await busy;
    const conflicts = form.querySelectorAll("[data-conflict]").length;
    await send();
    const left = await store.unsent(who, duty);
    if (left.cells || left.files) {
      await tellState();
      if (left.held) fields.find(tooLong)?.focus();
      said.scrollIntoView({ block: "nearest" });
      return;
    }
    const aside = !choosing && store.leftOf(await store.get("duties", `${who}/${duty}`)).find((one) => byName.has(one.name));
    if (aside) { await tellState(); byName.get(aside.name).scrollIntoView({ block: "center" }); return; }
    if (state === "offline" || state === "signin") { tell(state === "offline" ? "Mất kết nối, chưa làm được việc này. Số liệu đã gửi vẫn nguyên; hãy làm lại khi có mạng." : "Phiên làm việc đã hết. Đăng nhập lại rồi làm tiếp.", "bad"); return; }
    if (!choosing && form.querySelectorAll("[data-conflict]").length > conflicts) { form.querySelector("[data-conflict]").scrollIntoView({ block: "center" }); return; }
    leaving = true;
    form.requestSubmit(act);
  });
  window.addEventListener("pageshow", (event) => {
    leaving = false;
    if (event.persisted) localStorage.removeItem(CLOSED); // the page lives on and keeps for itself
  });

  // --- the page opens: its own copy may be older than what this device knows ---------------------
  const begin = async () => {
    const known = await store.get("duties", `${who}/${duty}`), seen = Number(form.elements.seen.value);
    if (!known || !(known.seen > seen)) {
      const cells = Object.fromEntries([...shown].map(([name, cell]) => [name, { ...cell, told: "" }]));
      await store.changeDuty(who, duty, { seen, cells, told: null, closed: "", label: document.querySelector("h1").textContent, unit: form.dataset.unit, address: location.pathname });
    }
    await store.takeClosed(who);
    await fromBefore();
    await refresh();
    await send();
    if (state === "sent") await sender.look(who, duty).catch(() => {});
  };
  // An address begun when the page closed; what the version before this one kept, every field of it.
  const fromBefore = async () => {
    const draft = closed();
    for (const field of links) if (draft.links?.[field.name] && !field.value) field.value = draft.links[field.name];
    if (draft.links) localStorage.removeItem(CLOSED);
    if (!draft.fields) return;
    for (const [name, text] of Object.entries(draft.fields)) {
      const id = `${who}/${duty}/${name}`, at = draft.at || Date.now();
      if (!byName.has(name) || text === shown.get(name).text || (await store.get("cells", id))?.at > at) continue;
      await store.put("cells", { id, who, duty, name, text, base: draft.bases?.[name] || 0, at, correcting, offline: true, held: false });
    }
    localStorage.removeItem(CLOSED);
  };
  await begin();
  document.documentElement.dataset.formReady = "1";
})();
