// The pages of returns on this device: the service worker, the forms kept for days without a line, and
// the list of what is only here.
(async () => {
  "use strict";
  const store = self.namroStore, sender = self.namroSender, list = document.querySelector("[data-device]");
  if (navigator.serviceWorker) navigator.serviceWorker.register("/bao-cao/may.js").catch(() => {});
  const add = (box, tag, text, more = {}) => { const made = Object.assign(document.createElement(tag), more); made.textContent = text; box.append(made, " "); return made; };

  const draw = async () => {
    const who = await store.owner(), told = document.querySelector("[data-device-state]");
    const known = await store.all("duties", who), duties = known.filter((d) => d.address), named = new Set(duties.map((d) => d.duty));
    for (const row of (await Promise.all(["cells", "sendings", "files"].map((name) => store.all(name, who)))).flat())
      if (!named.has(row.duty)) { named.add(row.duty); duties.push({ ...known.find((d) => d.duty === row.duty), duty: row.duty, address: `/bao-cao/${row.duty}/` }); }
    list.replaceChildren();
    let all = 0, stuck = 0;
    for (const duty of duties) {
      const left = await store.unsent(who, duty.duty), line = document.createElement("li");
      all += left.cells - left.held + left.files;
      stuck += left.held + left.left + left.refused;
      add(line, "a", duty.label || "Biểu số liệu", { href: duty.address });
      add(line, "span", duty.unit || "");
      if (store.words(left)) add(line, "strong", `Lưu trên máy này, chưa gửi: ${store.words(left)}.`, { className: "saved warn" });
      else add(line, "span", duty.saved ? `Đã gửi lúc ${duty.saved}` : "Chưa nhập trên máy này.", { className: "saved" });
      if (duty.closed) add(line, "p", duty.closed, { className: "fault" });
      if (left.held) add(line, "p", `Trong đó ${left.held} ô dài hơn mức nhận: hãy mở biểu và rút gọn tại dòng.`, { className: "fault" });
      if (left.refused) add(line, "p", `${left.refused} minh chứng bị từ chối: hãy mở biểu để xem lý do, sửa hoặc gỡ.`, { className: "fault" });
      for (const { id, text, why } of store.leftOf(duty)) {
        add(line, "p", `Chưa gửi được. ${why || "Biểu không còn hỏi dòng này. Nội dung đã nhập được giữ ở đây."}`, { className: "fault" });
        add(line, "textarea", text, { readOnly: true, rows: 2, ariaLabel: "Nội dung chưa gửi được" });
        add(line, "button", "Bỏ", { type: "button", className: "link" }).addEventListener("click", async () => {
          if (window.confirm("Bỏ hẳn nội dung này khỏi máy?")) { await store.takeUp(who, duty.duty, id); await draw(); }
        });
      }
      list.append(line);
    }
    if (told) told.textContent = stuck ? "Có nội dung chưa gửi được; lý do và cách xử lý ghi tại từng biểu dưới đây." : all ? "Có số liệu chỉ mới lưu trên máy này; tự gửi khi có mạng." : "Mọi số liệu đã nhập trên máy này đều đã gửi.";
    if (!duties.length) add(list, "li", "Chưa có biểu nào được lưu trên máy này. Khi có mạng, mở trang Báo cáo của đơn vị một lần để lưu các biểu về máy.");
  };
  const keepForms = async (line) => {
    if (!("caches" in self)) return;
    const pages = await caches.open("namro-bieu-" + line.who);
    for (const duty of line.duties) {
      const known = await store.get("duties", `${line.who}/${duty.duty}`);
      const fresh = known?.stamp === `${line.version}.${duty.stamp}` && (await pages.match(duty.address));
      if (!fresh) {
        const answer = await fetch(duty.address, { credentials: "same-origin", redirect: "manual" });
        if (!answer.ok || answer.headers.get("X-Namro-Who") !== line.who) continue;
        await pages.put(duty.address, answer);
      }
      await store.changeDuty(line.who, duty.duty, { label: duty.label, unit: duty.unit, address: duty.address, stamp: `${line.version}.${duty.stamp}` });
    }
  };
  const again = async () => { await store.takeClosed(document.body.dataset.who || (await store.owner())); const how = await sender.sendAll(); if (list) await draw(); return how; };
  window.addEventListener("online", again);
  document.querySelector("[data-send]")?.addEventListener("click", again);
  store.listen(() => { if (list) draw(); });
  if (list) await draw();
  if (document.getElementById("bieu")) return; // the form sends for itself
  const how = await again();
  if (how === "sent") { try { await keepForms(self.namroLine); } catch { /* the line went: next time */ } }
  if (list) await draw();
  document.documentElement.dataset.deviceReady = how;
})();
