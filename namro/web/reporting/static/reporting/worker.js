// The service worker of the returns' pages (nothing outside /bao-cao/ is its business): the form opens
// without a line, unsent work goes when the line is back. VERSION and FILES stand before this text.
/* global VERSION, FILES, SHELL */
"use strict";
const KEPT = "namro-tep-" + VERSION, WAIT = 8000;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const kept = await caches.open(KEPT);
    await kept.addAll(FILES.map((file) => new Request(file, { credentials: "same-origin" })));
    await kept.add(new Request(SHELL, { credentials: "same-origin", cache: "no-store" }));
    await self.skipWaiting();
  })());
});

// Pages kept by an older version are fetched anew before its files go; if that fails, both stay.
self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    await self.clients.claim();
    const owner = await self.namroStore.owner(), name = "namro-bieu-" + owner;
    if (owner && (await caches.has(name))) {
      const pages = await caches.open(name);
      for (const asked of await pages.keys()) if (!(await fresh(new Request(asked.url, { credentials: "same-origin" }), owner))) return;
    }
    for (const old of await caches.keys()) if (old.startsWith("namro-tep-") && old !== KEPT) await caches.delete(old);
  })());
});

const fresh = async (asked, owner) => {
  try {
    const answer = await fetch(asked);
    if (answer.status === 403 || answer.status === 404) return await (await caches.open("namro-bieu-" + owner)).delete(asked.url);
    if (!answer.ok || answer.redirected) return false; // signed out: nothing can be had anew yet
    await keep(answer, asked.url);
    return true;
  } catch { return false; }
};
// Keeps a page if the site says that it is the person's own open form, forgets it if no longer; gives whose.
const keep = async (answer, address) => {
  if (!answer.ok || answer.redirected) return "";
  const who = answer.headers.get("X-Namro-Who") || "", owner = await self.namroStore.owner();
  if (who) await (await caches.open("namro-bieu-" + who)).put(address, answer);
  else if (owner) await (await caches.open("namro-bieu-" + owner)).delete(address);
  return who;
};

const file = async (asked) => {
  const own = await (await caches.open(KEPT)).match(asked, { ignoreSearch: true });
  if (own) return own;
  return (await caches.match(asked, { ignoreSearch: true })) || fetch(asked);
};
const keptPage = async (address) => {
  const owner = await self.namroStore.owner();
  return owner ? (await caches.open("namro-bieu-" + owner)).match(address, { ignoreSearch: true }) : undefined;
};
const page = async (asked) => {
  const kept = await keptPage(asked.url);
  const line = fetch(asked).then((answer) => {
    if (answer.status >= 500 && kept) return kept; // the site is down behind a gateway that is not
    keep(answer.clone(), asked.url.split("?")[0]);
    return answer;
  });
  const slow = new Promise((done) => { if (kept) setTimeout(() => done(kept), WAIT); });
  try { return await Promise.race([line, slow]); } catch {
    return kept || (await caches.match(SHELL)) || Response.error();
  }
};
self.addEventListener("fetch", (event) => {
  const asked = event.request, address = new URL(asked.url);
  if (address.origin !== location.origin || asked.method !== "GET") return;
  if (address.pathname.startsWith("/tinh/")) event.respondWith(file(asked));
  else if (asked.mode === "navigate" && /^\/bao-cao\/(\d+\/)?$/.test(address.pathname) && !address.search) event.respondWith(page(asked));
  else if (asked.mode === "navigate" && address.pathname === SHELL) event.respondWith(fetch(asked).catch(() => caches.match(SHELL)));
});
self.addEventListener("sync", (event) => {
  if (event.tag === "namro-gui") event.waitUntil(self.namroSender.sendAll().then((how) => { if (how === "offline") throw new Error("no line yet"); }));
});
