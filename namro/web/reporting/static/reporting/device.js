// The pages of returns on this device: the service worker, the forms kept for days without a line, and
// the list of what is only here.
(async () => {
  "use strict";
  const store = self.namroStore, sender = self.namroSender, list = document.querySelector("[data-device]");
  if (navigator.serviceWorker) navigator.serviceWorker.register("/bao-cao/may.js").catch(() => {});
  const words = (left) => [left.cells ? `${left.cells} ô` : "", left.files ? `${left.files} tệp` : ""].filter(Boolean).join(", ");
  const add = (box, tag, text, more = {}) => { const made = Object.assign(document.createElement(tag), more); made.textContent = text; box.append(made, " "); return made; };

  const draw = async () => {
    const who = await store.owner(), told = document.querySelector("[data-device-state]");
    const duties = (await store.all("duties")).filter((d) => d.who === who && d.address);
    list.replaceChildren();
    let all = 0;
    for (const duty of duties) {
      const left = await store.unsent(who, duty.duty), line = document.createElement("li");
      all += left.cells + left.files;
      add(line, "a", duty.label || "Biểu số liệu", { href: duty.address });
      add(line, "span", duty.unit || "");
      if (words(left)) add(line, "strong", `Lưu trên máy này, chưa gửi: ${words(left)}.`, { className: "saved warn" });
      else add(line, "span", duty.saved ? `Đã gửi lúc ${duty.saved}` : "Chưa nhập trên máy này.", { className: "saved" });
      if (duty.closed) add(line, "p", duty.closed, { className: "fault" });
      for (const [name, text] of Object.entries(duty.left || {})) add(line, "p", `Biểu không còn hỏi dòng này nữa, số đã nhập vẫn giữ ở đây: ${name.slice(2)} = ${text}`, { className: "query" });
      list.append(line);
    }
    if (told) told.textContent = all ? "Có số liệu chỉ mới lưu trên máy này; tự gửi khi có mạng." : "Mọi số liệu đã nhập trên máy này đều đã gửi.";
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
  const again = async () => { const how = await sender.sendAll(); if (list) await draw(); return how; };
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
