"""A laptop with the returns' pages, driven as its officer drives it."""

from __future__ import annotations

from time import monotonic

from django.conf import settings as site
from django.urls import reverse
from playwright.sync_api import expect

from namro.web.reporting import queries


def cookies_of(client, server):
    return [
        {"name": name, "value": client.cookies[name].value, "url": server.url}
        for name in (site.SESSION_COOKIE_NAME,)
    ]


def prepare(page):
    """Opens the list once: the worker stands, the forms lie on the device."""
    page.goto(page.site + reverse("reporting:duties"))
    page.locator("html[data-device-ready='sent']").wait_for(state="attached")
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    quiet(page)
    page.reload()
    page.locator("html[data-device-ready='sent']").wait_for(state="attached")


def without_worker_sending(page):
    """From the next page on only pages send: what a page's route cuts off, no worker carries."""
    page.add_init_script("window.SyncManager && (SyncManager.prototype.register = async () => {});")


def change_person(page, client, server, person):
    """Another person sits down at the laptop, signs in and opens the list."""
    page.goto("about:blank")
    page.context.clear_cookies()
    client.force_login(person, backend="namro.web.org.backends.PostsBackend")
    page.context.add_cookies(cookies_of(client, server))
    page.context.set_offline(False)
    prepare(page)


def open_form(page):
    page.goto(page.form)
    page.locator("html[data-form-ready]").wait_for(state="attached")


def put(page, element, text):
    page.locator(f"[name='v-{element}']").fill(text)


def says(page, text):
    expect(page.locator("[data-saved]")).to_contain_text(text)


def until(page, holds, every=20, within=30):
    """Until `holds`, a function of the page that may be async, is true; `within` so many seconds.

    Playwright's own `wait_for_function` takes the promise itself for true, so it would never wait.
    """
    page.evaluate(
        f"""async () => {{
        const holds = {holds}, end = performance.now() + {within} * 1000;
        while (!(await holds())) {{
          if (performance.now() > end) throw new Error("not within {within} s: " + holds);
          await new Promise((done) => setTimeout(done, {every}));
        }} }}"""
    )


def worker_gives_way(page, in_charge, within=90):
    """Until the new worker is `in_charge`, a function of the page. The one before it gives way
    when the browser lets it rest: any time, within minutes; here at once, as if it had come."""
    browser = page.context.new_cdp_session(page)
    browser.send("ServiceWorker.enable")
    end = monotonic() + within
    while not page.evaluate(in_charge):
        assert monotonic() < end, f"no new worker within {within} s"
        if page.evaluate("navigator.serviceWorker.getRegistration().then((one) => !!one.waiting)"):
            browser.send("ServiceWorker.stopAllWorkers")
        page.wait_for_timeout(300)
    browser.detach()


def all_sent(page):
    until(
        page,
        """async () => { const left = await namroStore.unsent(await namroStore.owner());
        return !left.cells && !left.files && !document.querySelector(".unsent"); }""",
    )
    quiet(page)


def quiet(page):
    """Until no page and no worker is sending: the database is ours to look into."""
    page.evaluate("navigator.locks.request('namro-gui', () => 1)")


def figures(page):
    quiet(page)
    last = queries.last_of(page.duty)
    return {slug: entry["value"] for slug, entry in last.values.items()} if last else {}
