"""The pages of rounds, of the chain and of tasks in a real browser, on a phone and on a desk."""

from __future__ import annotations

import os

import pytest
from django.conf import settings as site
from django.urls import reverse

from namro.web.org.rules import Role
from namro.web.reporting import actions
from namro.web.reporting.chain.rules import AppraisalState
from namro.web.reporting.duties.regime import Regime
from tests.web.reporting.conftest import AT, PART, hand_in, hire, later, pdf

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def full(world):
    """A round with something of everything: approved, corrected, held back, let in, appraised."""
    terms = Regime(steps=("UNIT", "RECEIVER", "OFFICE"), lock_days=2)
    actions.set_regime(plan=world.plan, terms=terms, reason="CV 12", by=world.dieuphoi, at=AT)
    opened = actions.open_round(plan=world.plan, period_code="202509", by=world.dieuphoi, at=AT)
    duties = {d.unit.code: d for d in opened.duties.all()}
    head = hire(world, "chutich", "c1", Role.LEADER)
    sent = hand_in(duties["c1"], world.baocao)
    actions.approve(submission=sent, by=head, at=later(1))
    sent.refresh_from_db()
    actions.comment(
        submission=sent, element=PART, text="Số này gồm cả cán bộ hợp đồng?", by=world.duyet,
        at=later(2),
    )  # fmt: skip
    actions.comment(submission=sent, text="Chỉ biên chế.", by=world.baocao, at=later(3))
    actions.hold(submission=sent, reason="Chờ xác minh", by=world.duyet, at=later(3))
    other = hand_in(duties["c2"], world.xakhac, whole=20, part=None, at=later(24 * 2))
    actions.approve(submission=other, by=None, at=later(24 * 3))
    actions.exempt(
        round=opened, unit=world.units["c3"], until=later(24 * 200), reason="Mất điện do lũ",
        by=world.dieuphoi, at=later(),
    )  # fmt: skip
    officer = hire(world, "vanphong", "12-VP", Role.REPORTER)
    for percent, days in ((20, 1), (60, 10)):
        update = actions.update_task(
            task=world.task, unit=world.units["12-VP"], text=f"Đã làm {percent} phần trăm",
            done_on=None, by=officer, at=later(24 * days), percent=percent,
            product="Hướng dẫn số 5", files=[("a.pdf", pdf().chunks())],
        )  # fmt: skip
    actions.appraise(
        update=update, state=AppraisalState.WANTING, text="Thiếu danh sách",
        by=world.dieuphoi, at=later(24 * 12),
    )  # fmt: skip
    return {"round": opened, "sent": sent}


def pages_of(full, world) -> dict[str, tuple[str, str]]:
    """Name of the picture → who looks, at which address."""
    opened, sent = full["round"].pk, full["sent"].pk

    def to(name, *args, **asked):
        tail = "&".join(f"{k}={v}" for k, v in asked.items())
        return reverse(f"reporting:{name}", args=args) + (f"?{tail}" if tail else "")

    return {
        "dot": ("dieuphoi", to("rounds")),
        "mo-dot": ("dieuphoi", to("open_round", plan=world.plan.pk, period="202510")),
        "mo-dot-dot-xuat": (
            "dieuphoi",
            to("open_round", plan=world.plan.pk, period="khac", title="Rà soát",
               from_on="01/9/2025", to_on="20/9/2025"),
        ),
        "mot-dot": ("dieuphoi", to("round", opened)),
        "che-do": ("dieuphoi", to("regime", world.plan.pk)),
        "ngay-nghi": ("dieuphoi", to("days")),
        "dung-han": ("dieuphoi", to("punctuality", theo="don-vi")),
        "tong-hop": ("duyet", to("summing", opened)),
        "dinh-chinh": ("duyet", to("corrections")),
        "hang-cho": ("duyet", to("queue")),
        "xem-truoc": ("duyet", to("preview_many", chosen=sent)),
        "ban-nop": ("duyet", to("submission", sent)),
        "uy-quyen": ("quantri", to("delegations")),
        "nhiem-vu": ("dieuphoi", to("tasks")),
        "mot-nhiem-vu": ("dieuphoi", to("task", world.task.pk)),
    }  # fmt: skip


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_fit_the_width_and_break_nothing(live_server, client, full, world, browser, width):
    wide, faults = {}, []
    for name, (who, address) in pages_of(full, world).items():
        client.force_login(world.people[who], backend="namro.web.org.backends.PostsBackend")
        cookie = client.cookies[site.SESSION_COOKIE_NAME].value
        context = browser.new_context(locale="vi-VN", viewport={"width": width, "height": 900})
        context.add_cookies(
            [{"name": site.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )
        page = context.new_page()
        page.on("pageerror", lambda error, name=name: faults.append(f"{name}: {error}"))
        answer = page.goto(live_server.url + address)
        for fold in page.locator("main details").all():
            fold.evaluate("d => { d.open = true }")
        if folder := os.environ.get("NAMRO_PICTURES"):
            page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
        reach = page.evaluate("document.documentElement.scrollWidth")
        if reach > width or answer.status != 200:
            wide[name] = (answer.status, reach)
        context.close()
    assert (wide, faults) == ({}, [])
