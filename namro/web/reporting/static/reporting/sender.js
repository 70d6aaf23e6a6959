// Sends what the device keeps, in a page or in the service worker: one sender at a time, each sending
// under the id it was given when made, so that a repeat is harmless.
(() => {
  "use strict";
  const store = self.namroStore, ROOT = "/bao-cao/", PART = 256 * 1024;
  // A line that neither carries nor breaks counts as no line after so many ms: else all would wait behind it.
  // Who is signed in is asked again after `known`: each sending says whose it is, and the site refuses another's.
  const patience = { asking: 60000, part: 300000, known: 300000 };
  let asked = -Infinity;
  const ask = (address, { part, ...more } = {}) => fetch(address, { credentials: "same-origin", redirect: "manual", cache: "no-store", signal: AbortSignal.timeout?.(part ? patience.part : patience.asking), ...more, headers: { Accept: "application/json", ...(self.namroLine && { "X-Namro-Who": self.namroLine.who }), ...more.headers } });
  class NoLine extends Error {}
  class SignIn extends Error {}
  class Refused extends Error { constructor(told, status) { super(told.message || ""); this.told = told; this.status = status; } }

  // The answer as JSON; NoLine, SignIn or Refused say why there is none.
  const told = async (address, more) => {
    let answer;
    try { answer = await ask(address, more); } catch { throw new NoLine(); }
    if (answer.type === "opaqueredirect") throw new SignIn();
    if (answer.status >= 500 || answer.status === 429) throw new NoLine();
    const json = (answer.headers.get("Content-Type") || "").startsWith("application/json");
    let given;
    try { given = json ? await answer.json() : {}; } catch { throw new NoLine(); } // cut off in the middle
    if (!answer.ok || !json) throw new Refused(given, answer.status);
    return given;
  };

  // Who is signed in, and the token that lets a form be sent.
  const connect = async () => {
    const line = await told(ROOT + "ket-noi/");
    asked = performance.now();
    self.namroLine = line;
    await store.ownedBy(line.who);
    return line;
  };
  const post = async (address, line, body, type = "application/json") => {
    const send = () => told(address, { method: "POST", body, part: type !== "application/json", headers: { "X-CSRFToken": line.token, "Content-Type": type } });
    try { return await send(); } catch (why) {
      if (!(why instanceof Refused) || why.status !== 403) throw why;
      const anew = await connect(); // the token may be of an earlier sign-in
      if (anew.who !== line.who) throw new SignIn(); // never in another's name
      line.token = anew.token;
      return send();
    }
  };

  const WORDS = {
    403: "Máy chủ chưa cho đồng chí gửi vào biểu này.",
    404: "Biểu này không còn thuộc việc của đồng chí.",
    413: "Lần gửi lớn hơn mức máy chủ nhận.",
  };
  const said = (why) => why.message || `${WORDS[why.status] || `Máy chủ chưa nhận lần gửi này (mã ${why.status}).`} Số liệu vẫn lưu trên máy này.`;
  const NEVER = "Máy chủ không đọc được nội dung này. Hãy nhập lại vào ô; không cần nữa thì bỏ.";
  const sendCells = async (duty, line) => {
    for (let sending; (sending = await store.nextSending(line.who, duty, line.most));) {
      const now = Date.now(), known = await store.get("duties", `${line.who}/${duty}`);
      const late = sending.offline || sending.cells.some((c) => Math.abs(now - c.at) > 60000);
      const cells = sending.cells.map(({ name, text, base, at }) => ({ name, text, base, age: (now - at) / 1000 }));
      try {
        const answer = await post(`${ROOT}${duty}/o/`, line, JSON.stringify({ id: sending.id, origin: late ? "OFFLINE" : "WEB", seen: known?.seen || 0, correcting: !!sending.correcting, cells }));
        await store.answered(sending, answer);
      } catch (why) {
        if (!(why instanceof Refused)) throw why;
        const never = why.told.unreadable; // by the site itself, not by something on the way
        if ((never || why.status === 413) && (await store.halve(sending))) continue;
        if (never) { await store.answered(sending, { mine: {}, unknown: sending.cells.map((c) => c.name), why: { [sending.cells[0].name]: NEVER } }); continue; }
        await store.changeDuty(line.who, duty, { closed: said(why) });
        return;
      } finally { store.shout({ duty }); }
    }
  };

  const hex = async (buffer) => [...new Uint8Array(await crypto.subtle.digest("SHA-256", buffer))].map((b) => b.toString(16).padStart(2, "0")).join("");
  const sendFile = async (file, line) => {
    const how = file.correcting ? "&dinh-chinh=1" : "", about = { id: file.id, element: file.element };
    if (file.link) return post(`${ROOT}${file.duty}/tep/?lien-ket=1${how}`, line, JSON.stringify({ ...about, link: file.link }));
    const whole = await file.blob.arrayBuffer(), sha256 = file.sha256 || await hex(whole);
    if (!file.sha256) await store.put("files", { ...file, sha256 });
    const address = `${ROOT}${file.duty}/tep/`, parts = Math.max(1, Math.ceil(whole.byteLength / PART));
    const { have } = await told(`${address}?sha256=${sha256}`);
    for (let number = 0; number < parts; number++) {
      if (have.includes(number)) continue;
      const part = whole.slice(number * PART, (number + 1) * PART);
      await post(`${address}?sha256=${sha256}&phan=${number}&kiem=${await hex(part)}`, line, part, "application/octet-stream");
    }
    return post(`${address}?sha256=${sha256}&xong=${parts}${how}`, line, JSON.stringify({ ...about, name: file.name }));
  };
  const sendFiles = async (duty, line) => {
    for (const file of await store.of("files", line.who, duty)) {
      if (file.refused) continue;
      try {
        const proof = await sendFile(file, line);
        await store.remove("files", file.id);
        await store.changeDuty(line.who, duty, { closed: "" });
        store.shout(proof.gone ? { duty } : { duty, proof: { ...proof, file: file.id, element: file.element } });
      } catch (why) {
        if (!(why instanceof Refused)) throw why;
        if (why.status === 422 || (why.status === 400 && why.message)) await store.put("files", { ...file, refused: said(why) }); // the file itself is wrong
        else await store.changeDuty(line.who, duty, { closed: said(why) }); // tried again, as cells are
        store.shout({ duty });
      }
    }
  };

  const work = async () => {
    const line = performance.now() - asked < patience.known ? self.namroLine : await connect();
    const rows = (await Promise.all(["cells", "sendings", "files"].map((s) => store.all(s, line.who)))).flat();
    for (const duty of new Set(rows.map((r) => r.duty))) { await sendCells(duty, line); await sendFiles(duty, line); }
    return "sent";
  };
  const once = (act) => (self.navigator?.locks ? navigator.locks.request("namro-gui", act) : act());
  // "sent", "offline" or "signin"; never rejects for want of a line.
  const sendAll = () => once(async () => {
    try { return await work(); } catch (why) {
      if (why instanceof NoLine) return "offline";
      if (why instanceof SignIn) { asked = -Infinity; return "signin"; }
      if (why instanceof Refused) return "refused";
      throw why;
    }
  });

  // What stands on the site now, without sending anything.
  const look = async (who, duty) => {
    const known = await store.get("duties", `${who}/${duty}`);
    const given = await told(`${ROOT}${duty}/o/?tu=${known?.seen || 0}`);
    await store.changeDuty(who, duty, { seen: given.seen, cells: { ...known?.cells, ...given.cells }, told: given, saved: given.saved });
    store.shout({ duty });
  };
  self.namroSender = { sendAll, look, connect, patience };
})();
