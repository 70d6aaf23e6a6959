// Small things the pages share. No inline code: the content security policy forbids it.
document.addEventListener("change", (event) => {
  if (event.target.matches("select[data-submit], input[data-submit]")) event.target.form.requestSubmit();
});
document.addEventListener("submit", (event) => {
  const asked = event.submitter?.dataset.ask;
  if (asked && !window.confirm(asked)) event.preventDefault();
});
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "k") {
    const search = document.querySelector("#tim") || document.querySelector("input[type=search]");
    if (search) { event.preventDefault(); search.focus(); search.select(); }
  }
});
// Whoever is signed in owns what this device keeps of returns; who leaves is told what was not sent.
(async () => {
  const KEPT = "namro-bao-cao", who = document.body.dataset.who;
  if (!self.indexedDB?.databases || !(await indexedDB.databases()).some((one) => one.name === KEPT)) return;
  const within = (act) => new Promise((done) => {
    const asked = indexedDB.open(KEPT);
    asked.onerror = () => done(undefined);
    asked.onsuccess = () => {
      const turn = asked.result.transaction(["meta", "cells", "sendings", "files"], "readwrite");
      let given;
      act(turn, (value) => { given = value; });
      turn.oncomplete = turn.onabort = () => { asked.result.close(); done(given); };
    };
  });
  const own = (value) => within((turn) => turn.objectStore("meta").put({ key: "owner", value }));
  const forgetPages = async (but) => {
    if (!self.caches) return;
    for (const name of await caches.keys()) if (name.startsWith("namro-bieu-") && name !== but) await caches.delete(name);
  };
  if (who) { await own(who); await forgetPages(`namro-bieu-${who}`); }
  document.querySelector("form[data-leave]")?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    let left = 0;
    await within((turn, give) => {
      for (const name of ["cells", "sendings", "files"]) {
        const asked = turn.objectStore(name).index("who").count(who);
        asked.onsuccess = () => { left += asked.result; give(left); };
      }
    });
    if (left && !window.confirm("Trên máy này còn số liệu báo cáo chưa gửi. Thoát bây giờ thì số liệu vẫn được giữ, nhưng chỉ gửi tiếp khi đồng chí đăng nhập lại trên chính máy này. Vẫn thoát?")) return;
    await own("");
    await forgetPages("");
    form.submit();
  });
})();
