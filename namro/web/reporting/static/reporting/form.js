// The form of a return: checks at the cell, saves by itself, keeps the draft in this browser while
// there is no line and sends it, under one id, when there is one again.
(() => {
  "use strict";
  const form = document.getElementById("bieu");
  if (!form) return;
  const { tidy, scaled, decimals, shown, isDay } = window.namroNumbers;
  const store = "namro:" + form.dataset.store;
  const said = form.querySelector("[data-saved]");
  const mine = form.querySelector("[data-mine]");
  const fields = [...form.querySelectorAll("[name^='v-'], [name^='n-'], [name='note']")];
  const figures = fields.filter((f) => f.dataset.kind);
  let timer = 0, sending = false, stopped = false, leaving = false;

  const newId = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64; bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  };
  const clock = () => new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
  const tell = (text, kind = "") => { said.textContent = text; said.className = "saved " + kind; };
  const values = () => Object.fromEntries(fields.map((f) => [f.name, f.value]));
  const read = () => { try { return JSON.parse(localStorage.getItem(store)); } catch { return null; } };
  const keep = (draft) => {
    try { localStorage.setItem(store, JSON.stringify(draft)); return true; } catch { return false; }
  };
  const forget = () => { try { localStorage.removeItem(store); } catch { /* private window */ } };

  // --- checks at the cell --------------------------------------------------------------------
  const find = (slug) => form.querySelector(`[name="v-${CSS.escape(slug)}"]`);
  const wrongNumber = (field, text) => {
    const value = scaled(text);
    if (value === null) {
      return /^[+-]?\d+\.\d+$/.test(text)
        ? `Viết phần thập phân sau dấu phẩy: ${text.replace(".", ",")}.`
        : `“${text}” không phải là số. Ghi bằng chữ số, ví dụ 1.035 hoặc 32,5; chưa có số liệu thì để trống.`;
    }
    const digits = Number(field.dataset.digits);
    if (decimals(text) > digits) return digits ? `Ghi nhiều nhất ${digits} chữ số sau dấu phẩy.` : "Dòng này ghi số nguyên.";
    const least = scaled(field.dataset.least || "0", true), most = field.dataset.most ? scaled(field.dataset.most, true) : null;
    if (value < least) return least === 0n ? "Số không được âm." : `Số nhỏ hơn mức thấp nhất ${shown(least)}.`;
    if (most !== null && value > most) return `Số lớn hơn mức cao nhất ${shown(most)}.`;
    const whole = field.dataset.whole && find(field.dataset.whole);
    const total = whole && tidy(whole.value) ? scaled(whole.value) : null;
    if (total !== null && value > total) {
      const title = whole.closest("tr").querySelector("label").textContent;
      return `${shown(value)} lớn hơn ${shown(total)} của “${title}”.`;
    }
    return "";
  };
  const wrong = (field) => {
    const text = tidy(field.value);
    if (!text) return "";
    if (field.dataset.kind === "choice") return "";
    if (field.dataset.kind === "date") return isDay(text) ? "" : "Ghi ngày theo mẫu 03/9/2025.";
    return wrongNumber(field, text);
  };
  const strange = (field) => {
    const before = field.dataset.before ? scaled(field.dataset.before, true) : null;
    const value = tidy(field.value) ? scaled(field.value) : null;
    if (!before || value === null) return "";
    const size = (n) => (n < 0n ? -n : n);
    if (size(value - before) * 2n <= size(before)) return "";
    const percent = (size(value - before) * 100n + size(before) / 2n) / size(before);
    return `So với kỳ trước (${shown(before)}) ${value > before ? "tăng" : "giảm"} ${shown(percent * 100000000n)}%.`;
  };
  const show = (field, errors, questions) => {
    const row = field.closest("tr"), place = row.querySelector(".messages");
    row.classList.toggle("wrong", errors.length > 0);
    row.classList.toggle("asked", !errors.length && questions.length > 0);
    field.setAttribute("aria-invalid", errors.length ? "true" : "false");
    place.replaceChildren(...[...errors.map((t) => ["fault", t]), ...questions.map((t) => ["query", t])].map(([kind, text]) => {
      const p = document.createElement("p"); p.className = kind; p.textContent = text; return p;
    }));
  };
  const check = (field) => {
    const error = wrong(field), question = error ? "" : strange(field);
    show(field, error ? [error] : [], question ? [question] : []);
  };
  const checkWith = (field) => {
    check(field);
    figures.filter((f) => `v-${f.dataset.whole}` === field.name && f.value).forEach(check);
  };

  // --- saving --------------------------------------------------------------------------------
  // What is typed anew is another sending, so it gets another id; the same draft sent again keeps its own.
  const remember = () => keep({ id: newId(), lock: form.elements.lock.value, fields: values() });
  const schedule = (wait) => { clearTimeout(timer); if (!stopped) timer = setTimeout(send, wait); };
  const body = (draft) => {
    const data = new FormData();
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.set("client_id", draft.id); data.set("lock", draft.lock);
    for (const [name, value] of Object.entries(draft.fields)) data.set(name, value);
    return data;
  };
  const accept = (draft, told) => {
    form.elements.lock.value = told.lock;
    const now = read();
    if (now && now.id === draft.id) forget(); else if (now) { now.lock = String(told.lock); keep(now); schedule(300); }
    tell(`Đã lưu lúc ${told.saved}`);
    if (now && now.id !== draft.id) return;
    for (const field of figures) {
      const slug = field.name.slice(2);
      show(field, told.errors[slug] || [], told.questions[slug] || []);
    }
  };
  const conflict = (told) => {
    stopped = true;
    tell(told.message, "bad");
    if (told.lock === undefined) return;
    form.elements.lock.value = told.lock;
    for (const field of figures) {
      const theirs = told.theirs[field.name.slice(2)] || "";
      if (tidy(theirs) !== tidy(field.value)) show(field, [], [`Người khác đã lưu: ${theirs || "để trống"}`]);
    }
    mine.hidden = false;
  };
  const send = async () => {
    const draft = read();
    if (!draft || sending || leaving) return;
    sending = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body: body(draft), headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "manual" });
      if (answer.type === "opaqueredirect") { tell("Phiên làm việc đã hết. Số liệu còn giữ trên máy này; đăng nhập lại rồi mở biểu để gửi.", "bad"); return; }
      const json = (answer.headers.get("Content-Type") || "").startsWith("application/json");
      const told = json ? await answer.json() : { message: "Máy chủ chưa nhận được; số liệu còn giữ trên máy này. Hãy tải lại trang." };
      if (answer.ok && json) accept(draft, told); else if (answer.status === 409) conflict(told); else tell(told.message, "bad");
    } catch {
      tell(`Mất kết nối. Đã giữ trên máy này lúc ${clock()}; sẽ tự gửi khi có mạng.`, "warn");
      schedule(15000);
    } finally { sending = false; }
  };

  form.addEventListener("input", (event) => {
    if (!fields.includes(event.target)) return;
    if (event.target.dataset.kind) checkWith(event.target);
    const kept = remember();
    if (!navigator.onLine) tell(kept ? `Mất kết nối. Đã giữ trên máy này lúc ${clock()}; sẽ tự gửi khi có mạng.` : "Mất kết nối, máy này không giữ được bản nhập. Đừng đóng trang.", "warn");
    schedule(1200);
  });
  window.addEventListener("online", () => send());
  mine.addEventListener("click", () => { stopped = false; mine.hidden = true; remember(); send(); });

  // Enter goes down the column, as in a spreadsheet.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !figures.includes(event.target)) return;
    event.preventDefault();
    const next = figures[figures.indexOf(event.target) + (event.shiftKey ? -1 : 1)];
    if (next) { next.focus(); next.select?.(); }
  });
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-upload]") && event.target.files.length) form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (sending) { // let the saving that is under way end first, or we would overtake ourselves
      event.preventDefault();
      const act = event.submitter, wait = setInterval(() => { if (!sending) { clearInterval(wait); form.requestSubmit(act); } }, 50);
      return;
    }
    leaving = true;
    const draft = read();
    form.elements.client_id.value = draft ? draft.id : newId();
  });
  window.addEventListener("pageshow", () => { leaving = false; });

  // --- what was kept here and never arrived ----------------------------------------------------
  const kept = read();
  if (kept) {
    const now = values();
    const differs = Object.keys(kept.fields).some((name) => name in now && kept.fields[name] !== now[name]);
    if (!differs || kept.id === form.dataset.savedId) forget(); // it did arrive
    else {
      for (const field of fields) if (field.name in kept.fields) field.value = kept.fields[field.name];
      figures.forEach(check);
      form.elements.lock.value = kept.lock;
      tell("Đã lấy lại số liệu giữ trên máy này, đang gửi.", "warn");
      schedule(200);
    }
  }
})();
