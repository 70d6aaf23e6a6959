// What this device keeps of returns: figures and files not sent yet, and what the site last said.
// Runs in a page and in the service worker. Everything belongs to one person (`who`); nothing that
// was not sent is ever dropped, whatever version of the site wrote it.
(() => {
  "use strict";
  const NAME = "namro-bao-cao", VERSION = 1;
  const channel = "BroadcastChannel" in self ? new BroadcastChannel(NAME) : null;
  let opened = null;

  // Each step brings a store of the version before up to the next; steps are only ever added.
  const STEPS = [
    (db) => {
      db.createObjectStore("meta", { keyPath: "key" });
      for (const name of ["duties", "cells", "sendings", "files"])
        db.createObjectStore(name, { keyPath: "id" }).createIndex("who", "who");
    },
  ];

  const open = () => (opened ||= new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = (event) => STEPS.slice(event.oldVersion).forEach((step) => step(asked.result, asked.transaction));
    asked.onsuccess = () => {
      asked.result.onversionchange = () => { asked.result.close(); opened = null; };
      asked.result.onclose = () => { opened = null; };
      done(asked.result);
    };
    asked.onerror = () => { opened = null; fail(asked.error); };
  }));

  const got = (request) => new Promise((done, fail) => { request.onsuccess = () => done(request.result); request.onerror = () => fail(request.error); });

  // Runs `act` with the stores named; resolves once the disk has it, with what `act` gave.
  const within = async (names, act, mode = "readwrite") => {
    const db = await open(), turn = db.transaction(names, mode, mode === "readwrite" ? { durability: "strict" } : {});
    const ended = new Promise((done, fail) => { turn.oncomplete = done; turn.onabort = turn.onerror = () => fail(turn.error); });
    const given = await act(...names.map((name) => turn.objectStore(name)));
    await ended;
    return given;
  };

  const get = (store, key) => within([store], (s) => got(s.get(key)), "readonly");
  const put = (store, value) => within([store], (s) => got(s.put(value)));
  const remove = (store, key) => within([store], (s) => got(s.delete(key)));
  const all = (store, who) => within([store], (s) => got(who === undefined ? s.getAll() : s.index("who").getAll(who)), "readonly");
  const of = async (store, who, duty) => (await all(store, who)).filter((one) => one.duty === duty);

  const newId = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64; bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  };

  // Cells typed and not yet in a sending become one, of no more than the site takes at once (`most`); a
  // sending not answered goes first, as it is. What its cell cannot take is held until it is shortened.
  const nextSending = (who, duty, most = { cells: 2000, signs: 1e6 }) => within(["cells", "sendings"], async (cells, sendings) => {
    const waiting = (await got(sendings.index("who").getAll(who))).find((s) => s.duty === duty);
    if (waiting) return waiting;
    const ready = (await got(cells.index("who").getAll(who))).filter((c) => c.duty === duty && !c.held);
    if (!ready.length) return null;
    const correcting = !!ready[0].correcting; // what was asked to correct never takes along what was not
    let signs = 0;
    const typed = ready.filter((c) => !!c.correcting === correcting).slice(0, most.cells).filter((c, n) => (signs += c.text.length) <= most.signs || !n);
    const made = { id: newId(), who, duty, correcting, offline: typed.some((c) => c.offline), cells: typed.map(({ name, text, base, at }) => ({ name, text, base, at })) };
    sendings.put(made);
    typed.forEach((c) => cells.delete(c.id));
    return made;
  });

  // A sending that the site cannot take as it is goes on in halves, none of it was taken; false: it is one cell.
  const halve = (sending) => within(["sendings"], (sendings) => {
    const half = Math.ceil(sending.cells.length / 2);
    if (half === sending.cells.length) return false;
    sendings.delete(sending.id);
    for (const cells of [sending.cells.slice(0, half), sending.cells.slice(half)]) sendings.put({ ...sending, id: newId(), cells });
    return true;
  });

  // Of a duty: what names it and what the site would not take (`left`), without any of the site's figures.
  const bare = ({ id, who, duty, label, unit, address, left }) => ({ id, who, duty, label, unit, address, left });
  const leftOf = (row) => Object.entries(row?.left || {}).map(([id, one]) => (typeof one === "string" ? { id, name: id, text: one, why: "" } : { id, ...one }));
  // Writes a duty's row; the site's figures only where nobody else has signed in at this browser since.
  const write = async (duties, meta, row) => {
    const now = (await got(meta.get("owner")))?.value;
    duties.put(now && now !== row.who ? bare(row) : row);
  };

  // The site has a sending: what it said goes into the duty, what was typed since rests on it.
  const answered = (sending, told) => within(["cells", "sendings", "duties", "meta"], async (cells, sendings, duties, meta) => {
    sendings.delete(sending.id);
    for (const sent of sending.cells) {
      const since = await got(cells.get(`${sending.who}/${sending.duty}/${sent.name}`));
      if (since) cells.put({ ...since, base: told.mine[sent.name] || since.base });
    }
    const id = `${sending.who}/${sending.duty}`, before = (await got(duties.get(id))) || { id, who: sending.who, duty: sending.duty, cells: {} };
    const left = { ...before.left };
    for (const { name, text } of sending.cells) if (told.unknown?.includes(name)) left[`${sending.id}/${name}`] = { name, text, why: told.why?.[name] || "" };
    if (!told.cells) return duties.put({ ...before, left }); // nothing of it was taken
    await write(duties, meta, { ...before, left, mine: { ...before.mine, ...told.mine }, seen: told.seen, cells: { ...before.cells, ...told.cells }, told, saved: told.saved, closed: "" });
  });

  // What the site would not take goes back into its cell (`held`: too long still), or goes for good
  // (`held` undefined). What was typed into the cell meanwhile is laid aside in its stead.
  const takeUp = (who, duty, id, held) => within(["cells", "duties"], async (cells, duties) => {
    const row = await got(duties.get(`${who}/${duty}`)), one = leftOf(row).find((l) => l.id === id), left = { ...row?.left };
    if (!one) return;
    delete left[id];
    if (held !== undefined) {
      const cell = `${who}/${duty}/${one.name}`, before = await got(cells.get(cell));
      if (before && before.text !== one.text) left[newId()] = { name: one.name, text: before.text, why: "Nội dung này vừa được thay bằng nội dung đưa lại vào ô." };
      cells.put({ correcting: false, offline: false, base: Math.max(row.cells?.[one.name]?.base || 0, row.mine?.[one.name] || 0), ...before, id: cell, who, duty, name: one.name, text: one.text, at: Date.now(), held });
    }
    duties.put({ ...row, left });
  });

  // What was queued before a return was approved goes along with its correction, or goes for good.
  const decide = (who, duty, along) => within(["cells", "sendings", "files", "duties"], async (...stores) => {
    const duties = stores.pop(), row = await got(duties.get(`${who}/${duty}`));
    for (const store of stores)
      for (const one of (await got(store.index("who").getAll(who))).filter((r) => r.duty === duty && !r.correcting))
        if (along) store.put({ ...one, correcting: true }); else store.delete(one.id);
    if (row) duties.put({ ...row, closed: "" });
  });

  // What a page that closed could not bring here any more (see form.js) becomes cells like all typed.
  const takeClosed = async (who) => {
    for (const key of Object.keys(localStorage)) {
      const [, duty, whose] = /^namro:bieu-(\d+)-(.+)$/.exec(key) || [], raw = whose === who && localStorage.getItem(key);
      let kept = null;
      try { kept = JSON.parse(raw || "null"); } catch { /* nothing readable */ }
      if (!kept?.typed) continue;
      await within(["cells", "duties"], async (cells, duties) => {
        const known = await got(duties.get(`${who}/${duty}`));
        for (const [name, one] of Object.entries(kept.typed)) {
          const id = `${who}/${duty}/${name}`, before = await got(cells.get(id));
          if (!(before?.at > one.at)) cells.put({ ...one, id, who, duty: Number(duty), name, base: before ? before.base : Math.max(one.base, known?.mine?.[name] || 0) });
        }
      });
      if (localStorage.getItem(key) !== raw) continue; // another page closed meanwhile: next time
      if (kept.links) localStorage.setItem(key, JSON.stringify({ links: kept.links })); else localStorage.removeItem(key);
    }
  };

  const changeDuty = (who, duty, change) => within(["duties", "meta"], async (duties, meta) => {
    const id = `${who}/${duty}`, before = (await got(duties.get(id))) || { id, who, duty, cells: {} };
    await write(duties, meta, { ...before, ...change });
  });

  // How much of a duty is only on this device.
  const unsent = async (who, duty) => {
    const mine = (rows) => rows.filter((r) => r.who === who && (duty === undefined || r.duty === duty));
    const [cells, sendings, files] = await Promise.all(["cells", "sendings", "files"].map((s) => all(s, who)));
    const names = new Set(mine(cells).map((c) => c.id));
    mine(sendings).forEach((s) => s.cells.forEach((c) => names.add(`${s.who}/${s.duty}/${c.name}`)));
    const proofs = mine(files), goes = proofs.filter((f) => !f.refused), left = mine(await all("duties", who)).flatMap(leftOf).length;
    return { cells: names.size, held: mine(cells).filter((c) => c.held).length, files: goes.length, links: goes.filter((f) => f.link).length, refused: proofs.length - goes.length, left };
  };

  const words = ({ cells, files, links }) => [cells && `${cells} ô`, files > links && `${files - links} tệp`, links && `${links} địa chỉ trang`].filter(Boolean).join(", ");

  const owner = async () => (await get("meta", "owner"))?.value || "";
  // The person at this browser now: pages and the site's figures kept for another are taken away, unsent
  // work stays with what names it (site.js does the same on every page).
  const WORK = ["cells", "sendings", "files"];
  const ownedBy = async (who) => {
    await within(["meta", "duties", ...WORK], async (meta, duties, ...work) => {
      meta.put({ key: "owner", value: who });
      const others = (await got(duties.getAll())).filter((row) => row.who !== who), waits = new Set();
      if (others.length) for (const store of work) for (const row of await got(store.getAll())) waits.add(`${row.who}/${row.duty}`);
      for (const row of others) if (waits.has(row.id) || leftOf(row).length) duties.put(bare(row)); else duties.delete(row.id);
    });
    if (!("caches" in self)) return;
    for (const name of await caches.keys()) if (name.startsWith("namro-bieu-") && name !== `namro-bieu-${who}`) await caches.delete(name);
  };
  const heard = []; // a channel does not speak to the page that shouts
  const shout = (what) => { channel?.postMessage(what); heard.forEach((act) => act(what)); };
  const listen = (act) => { heard.push(act); channel?.addEventListener("message", (event) => act(event.data)); };

  self.namroStore = { get, put, remove, all, of, newId, nextSending, halve, answered, leftOf, takeUp, decide, takeClosed, changeDuty, unsent, words, owner, ownedBy, shout, listen };
})();
