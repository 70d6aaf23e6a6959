"""A return that waits at its unit's own head is, to everybody outside the unit, a draft."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from urllib.parse import urljoin, urlsplit

import openpyxl
import pytest
from django.urls import reverse

from namro.web.org.queries import NotAllowed
from namro.web.org.rules import Role
from namro.web.reporting import actions, queries
from namro.web.reporting.chain import summing
from namro.web.reporting.duties.regime import Regime
from namro.web.reporting.rules import Status
from tests.web.reporting.conftest import AT, WHOLE, hire, later, prove

ON = date(2025, 9, 15)
SIGNS = ("4321", "4.321", "Chuyện riêng của xã")
LINK = re.compile(r'(?:href|src)="([^"#]+)')


@pytest.fixture
def waiting(world, monkeypatch):
    """The return of commune c1, handed in to its own head only."""
    monkeypatch.setattr("namro.web.frame.clock.now", lambda: later(4))
    world.chutich = hire(world, "chutich", "c1", Role.LEADER)
    terms = Regime(steps=("UNIT", "RECEIVER"))
    actions.set_regime(plan=world.plan, terms=terms, reason="Thử", by=world.dieuphoi, at=AT)
    opened = actions.open_round(plan=world.plan, period_code="202509", by=world.dieuphoi, at=AT)
    duty = opened.duties.get(unit=world.units["c1"])
    prove(duty, world.baocao, name="danh-sach-rieng.pdf")
    draft = actions.save_draft(
        duty=duty, values={WHOLE: 4321, "commune-cadres-trained": 4321}, by=world.baocao, at=AT,
        note="Chuyện riêng của xã",
    )  # fmt: skip
    return actions.submit(submission=draft, by=world.baocao, at=AT)


def words_of(answer) -> str:
    """All that an answer tells, a workbook cell by cell."""
    content = b"".join(answer) if answer.streaming else answer.content
    if "spreadsheet" not in answer.get("Content-Type", ""):
        return content.decode(errors="replace")
    book = openpyxl.load_workbook(io.BytesIO(content))
    return " ".join(str(c.value) for s in book for row in s.iter_rows() for c in row if c.value)


def walk(client) -> dict[str, str]:
    """Every page and export that links lead to, not sorted again: address → what it tells."""
    seen, found, ahead = set(), {}, ["/"]
    while ahead:
        address = ahead.pop()
        path = urlsplit(address).path
        if address in seen or "sap=" in address or not re.match(r"/(?!static)", path):
            continue
        seen.add(address)
        answer = client.get(address, follow=True)
        found[address] = words_of(answer)
        if "html" in answer.get("Content-Type", ""):
            links = (link.replace("&amp;", "&") for link in LINK.findall(found[address]))
            ahead += [urljoin(address, link) for link in links]
    return found


def telling(pages: dict[str, str]) -> dict[str, list[str]]:
    told = {page: [s for s in SIGNS if s in words] for page, words in pages.items()}
    return {page: signs for page, signs in told.items() if signs}


@pytest.mark.parametrize("who", ["duyet", "lanhdao"])
def test_nobody_outside_the_unit_finds_it_on_any_page_or_export(waiting, enter, who):
    pages = walk(enter(who))
    for name in ("round", "summing"):
        address = reverse(f"reporting:{name}", args=[waiting.duty.round_id])
        assert address in pages and any(p.startswith(address) and "xlsx" in p for p in pages)
    assert reverse("reporting:duty", args=[waiting.duty_id]) in pages
    assert telling(pages) == {}


def test_pages_walked_would_have_told_it_once_it_has_left(waiting, enter, world):
    actions.approve(submission=waiting, by=world.chutich, at=later())
    told = telling(walk(enter("duyet")))
    for name in ("submission", "submission_workbook"):
        assert reverse(f"reporting:{name}", args=[waiting.pk]) in told
    summed = reverse("reporting:summing", args=[waiting.duty.round_id])
    assert summed in told and any(p.startswith(summed) and "xlsx" in p for p in told)


@pytest.mark.parametrize("who", ["duyet", "dieuphoi", "kiemtra"])
@pytest.mark.parametrize("name", ["submission", "submission_workbook"])
def test_its_addresses_are_closed_to_all_outside(waiting, enter, who, name):
    client = enter(who)
    assert client.get(reverse(f"reporting:{name}", args=[waiting.pk])).status_code == 404
    proof = waiting.evidence.get()
    assert client.get(reverse("reporting:evidence", args=[proof.pk])).status_code == 404
    for act in ("comment", "hold", "release", "approve", "send_back"):
        told = {"text": "x", "reason": "x"}
        answer = client.post(reverse(f"reporting:{act}", args=[waiting.pk]), told)
        assert answer.status_code == 404, act


@pytest.mark.parametrize("who", ["duyet", "dieuphoi", "kiemtra"])
def test_outside_it_counts_as_a_draft(waiting, world, who):
    viewer = world.people[who]
    duties = queries.visible_duties(viewer, ON).filter(round=waiting.duty.round)
    lines = queries.lines_of(duties, queries.inside_of(viewer, ON))
    line = next(x for x in lines if x.duty == waiting.duty)
    assert (line.status, line.last, line.sent_at, line.is_open) == (Status.DRAFT, None, None, True)
    assert [h.heard for h in queries.heard(waiting.duty.round, lines)] == [0]
    table = summing.table_of(lines)
    assert all(c.with_waiting is None and c.official is None for c in table.columns)
    assert queries.handed_in_of(waiting.duty) is None


@pytest.mark.parametrize("who", ["baocao", "chutich"])
def test_inside_its_unit_it_is_seen_and_says_whom_it_waits_for(waiting, enter, who):
    client = enter(who)
    page = client.get(reverse("reporting:submission", args=[waiting.pk])).content.decode()
    assert "4.321" in page and "Chờ lãnh đạo đơn vị duyệt" in page
    form = client.get(reverse("reporting:duty", args=[waiting.duty_id])).content.decode()
    assert "đang chờ lãnh đạo đơn vị duyệt, chưa gửi đi" in form and "chờ Sở" not in form


def test_a_deputy_of_the_unit_s_head_sees_it_before_it_leaves(waiting, enter, world):
    hire(world, "phochutich", "c1", Role.INSPECTOR)
    other = hire(world, "thay", "c1", Role.REPORTER)
    actions.delegate(
        away=world.chutich, deputy=other, from_on=ON, until_on=ON + timedelta(days=2),
        reason="Đi họp", by=world.chutich, at=AT,
    )  # fmt: skip
    for who in ("phochutich", "thay"):
        page = enter(who).get(reverse("reporting:submission", args=[waiting.pk]))
        assert page.status_code == 200


def test_sent_back_by_its_own_head_it_was_never_sent(waiting, enter, world):
    actions.send_back(submission=waiting, reason="Sai", by=world.chutich, at=later())
    duties = queries.visible_duties(world.duyet, ON).filter(pk=waiting.duty_id)
    [line] = queries.lines_of(duties)
    assert (line.status, line.last, line.first_at) == (Status.DRAFT, None, None)
    address = reverse("reporting:submission", args=[waiting.pk])
    assert enter("duyet").get(address).status_code == 404
    assert "Sai" in enter("baocao").get(address).content.decode()


def test_receiver_says_nothing_of_what_has_not_come(waiting, world):
    with pytest.raises(NotAllowed):
        actions.comment(submission=waiting, text="x", by=world.duyet, at=later())
    said = {"submission": waiting, "text": "Xem lại dòng 2", "by": world.chutich}
    assert actions.comment(at=later(), **said) == actions.comment(at=later(2), **said)


def test_locked_return_says_who_can_send_it_back(waiting, world):
    with pytest.raises(actions.LockedReturn, match="đề nghị lãnh đạo đơn vị trả lại"):
        actions.save_draft(duty=waiting.duty, values={WHOLE: 1}, by=world.baocao, at=later())
    actions.approve(submission=waiting, by=world.chutich, at=later())
    with pytest.raises(actions.LockedReturn, match=r"đang chờ Sở Nội vụ duyệt.*Sở Nội vụ trả lại"):
        actions.save_draft(duty=waiting.duty, values={WHOLE: 1}, by=world.baocao, at=later())


def test_head_is_reminded_of_what_waits_before_them(waiting, world):
    deputy = hire(world, "phochutich", "c1", Role.INSPECTOR)
    actions.delegate(
        away=world.chutich, deputy=deputy, from_on=ON, until_on=ON, reason="Họp",
        by=world.chutich, at=AT,
    )  # fmt: skip

    def owed():
        return next(o for o in queries.open_duties(ON) if o.thing_id == waiting.duty_id)

    assert set(owed().people) == {world.chutich, deputy}
    assert owed().title.endswith("chờ lãnh đạo đơn vị duyệt")
    actions.send_back(submission=waiting, reason="Sai", by=world.chutich, at=later())
    assert owed().people == [world.baocao]
