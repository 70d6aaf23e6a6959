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
  const within = async (names, act) => {
    const db = await open(), turn = db.transaction(names, "readwrite", { durability: "strict" });
    const ended = new Promise((done, fail) => { turn.oncomplete = done; turn.onabort = turn.onerror = () => fail(turn.error); });
    const given = await act(...names.map((name) => turn.objectStore(name)));
    await ended;
    return given;
  };

  const get = (store, key) => within([store], (s) => got(s.get(key)));
  const put = (store, value) => within([store], (s) => got(s.put(value)));
  const remove = (store, key) => within([store], (s) => got(s.delete(key)));
  const all = (store, who) => within([store], (s) => got(who === undefined ? s.getAll() : s.index("who").getAll(who)));
  const of = async (store, who, duty) => (await all(store, who)).filter((one) => one.duty === duty);

  const newId = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64; bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  };

  // Cells typed and not yet in a sending become one; a sending not answered goes first, as it is.
  const nextSending = (who, duty) => within(["cells", "sendings"], async (cells, sendings) => {
    const waiting = (await got(sendings.index("who").getAll(who))).find((s) => s.duty === duty);
    if (waiting) return waiting;
    const typed = (await got(cells.index("who").getAll(who))).filter((c) => c.duty === duty);
    if (!typed.length) return null;
    const made = { id: newId(), who, duty, correcting: typed.some((c) => c.correcting), offline: typed.some((c) => c.offline), cells: typed.map(({ name, text, base, at }) => ({ name, text, base, at })) };
    sendings.put(made);
    typed.forEach((c) => cells.delete(c.id));
    return made;
  });

  // The site has a sending: what it said goes into the duty, what was typed since rests on it.
  const answered = (sending, told) => within(["cells", "sendings", "duties"], async (cells, sendings, duties) => {
    sendings.delete(sending.id);
    for (const sent of sending.cells) {
      const since = await got(cells.get(`${sending.who}/${sending.duty}/${sent.name}`));
      if (since) cells.put({ ...since, base: told.mine[sent.name] || since.base });
    }
    const id = `${sending.who}/${sending.duty}`, before = (await got(duties.get(id))) || { id, who: sending.who, duty: sending.duty, cells: {} };
    const left = { ...before.left };
    for (const name of told.unknown || []) left[name] = sending.cells.find((c) => c.name === name)?.text;
    duties.put({ ...before, left, mine: { ...before.mine, ...told.mine }, seen: told.seen, cells: { ...before.cells, ...told.cells }, told, saved: told.saved, closed: "" });
  });

  const changeDuty = (who, duty, change) => within(["duties"], async (duties) => {
    const id = `${who}/${duty}`, before = (await got(duties.get(id))) || { id, who, duty, cells: {} };
    const now = { ...before, ...change };
    duties.put(now);
    return now;
  });

  // How much of a duty is only on this device.
  const unsent = async (who, duty) => {
    const mine = (rows) => rows.filter((r) => r.who === who && (duty === undefined || r.duty === duty));
    const [cells, sendings, files] = await Promise.all(["cells", "sendings", "files"].map((s) => all(s, who)));
    const names = new Set(mine(cells).map((c) => c.id));
    mine(sendings).forEach((s) => s.cells.forEach((c) => names.add(`${s.who}/${s.duty}/${c.name}`)));
    const refused = mine(files).filter((f) => f.refused).length;
    return { cells: names.size, files: mine(files).length - refused, refused };
  };

  const owner = async () => (await get("meta", "owner"))?.value || "";
  // The person at this browser now: pages kept for another are taken away, unsent work stays.
  const ownedBy = async (who) => {
    await put("meta", { key: "owner", value: who });
    if (!("caches" in self)) return;
    for (const name of await caches.keys()) if (name.startsWith("namro-bieu-") && name !== `namro-bieu-${who}`) await caches.delete(name);
  };
  const heard = []; // a channel does not speak to the page that shouts
  const shout = (what) => { channel?.postMessage(what); heard.forEach((act) => act(what)); };
  const listen = (act) => { heard.push(act); channel?.addEventListener("message", (event) => act(event.data)); };

  self.namroStore = { get, put, remove, all, of, newId, nextSending, answered, changeDuty, unsent, owner, ownedBy, shout, listen };
})();
