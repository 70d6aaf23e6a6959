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
// Whoever is signed in owns what this device keeps of returns: pages and the site's figures kept for
// another go, work that was not sent stays with what names it; who leaves is told what was not sent.
(async () => {
  const KEPT = "namro-bao-cao", WORK = ["cells", "sendings", "files"], who = document.body.dataset.who;
  const forgetPages = async (but) => {
    if (!self.caches) return;
    for (const name of await caches.keys()) if (name.startsWith("namro-bieu-") && name !== but) await caches.delete(name);
  };
  const within = (act) => new Promise((done) => {
    if (!self.indexedDB) return done();
    const asked = indexedDB.open(KEPT);
    asked.onupgradeneeded = () => asked.transaction.abort(); // nothing is kept here: none is begun
    asked.onerror = (event) => { event.preventDefault(); done(); };
    asked.onsuccess = () => {
      let given, turn;
      try { turn = asked.result.transaction(["meta", "duties", ...WORK], "readwrite"); } catch { asked.result.close(); return done(); }
      act((name) => turn.objectStore(name)).then((value) => { given = value; });
      turn.oncomplete = turn.onabort = () => { asked.result.close(); done(given); };
    };
  });
  const got = (asked) => new Promise((done) => { asked.onsuccess = () => done(asked.result); });
  const left = (row) => Object.keys(row.left || {}).length;
  const own = (value) => within(async (store) => {
    store("meta").put({ key: "owner", value });
    const others = (await got(store("duties").getAll())).filter((row) => row.who !== value), waits = new Set();
    if (others.length) for (const name of WORK) for (const row of await got(store(name).getAll())) waits.add(`${row.who}/${row.duty}`);
    for (const row of others) {
      if (!waits.has(row.id) && !left(row)) { store("duties").delete(row.id); continue; }
      store("duties").put({ id: row.id, who: row.who, duty: row.duty, label: row.label, unit: row.unit, address: row.address, left: row.left });
    }
  });
  const unsent = () => within(async (store) => {
    let count = Object.keys(self.localStorage).filter((key) => key.startsWith("namro:bieu-") && key.endsWith(`-${who}`)).length;
    for (const name of WORK) count += await got(store(name).index("who").count(who));
    for (const row of await got(store("duties").index("who").getAll(who))) count += left(row);
    return count;
  });
  document.querySelector("form[data-leave]")?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    if ((await unsent()) && !window.confirm("Trên máy này còn số liệu báo cáo chưa gửi. Thoát bây giờ thì số liệu vẫn được giữ, nhưng chỉ gửi tiếp khi đồng chí đăng nhập lại trên chính máy này. Vẫn thoát?")) return;
    await forgetPages("");
    await own("");
    form.submit();
  });
  if (who) { await forgetPages(`namro-bieu-${who}`); await own(who); }
})();
