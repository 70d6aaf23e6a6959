"""Who receives a return brings in its form for the unit: told apart, never handed in, scoped."""

from __future__ import annotations

import pytest
from django.urls import reverse

from namro.web.org.models import JournalEntry
from namro.web.org.queries import NotAllowed
from namro.web.org.rules import Role
from namro.web.reporting import actions, queries
from namro.web.reporting.deliveries.models import Delivery
from namro.web.reporting.deliveries.queries import entered_for
from namro.web.reporting.form.cells import Cells
from namro.web.reporting.form.merging import Origin
from namro.web.reporting.models import CellEntry, Submission
from tests.web.reporting.conftest import AT, PART, WHOLE, fill, hire, later
from tests.web.reporting.forms_filled import check, deliver, form, parcel_of, send

GOOD = {"E7": 40, "E8": 32}


def blank(duty, **cells) -> bytes:
    """The form as it was mailed out before anybody filled anything in."""
    return form(duty, **cells)


@pytest.fixture
def other(opened, world):
    """What the other commune owes Sở Nội vụ."""
    return opened.duties.get(unit=world.units["c2"], receiver=world.units["12-SNV"])


def test_receiver_brings_in_forms_of_many_units_as_their_drafts(duty, other, world):
    files = {"c1.xlsx": blank(duty, **GOOD), "c2.xlsx": blank(other, E7=50, E8=5)}
    told = deliver(world.duyet, {"usb.zip": parcel_of(files)})
    assert [(r.outcome, r.on_behalf, r.changed) for r in told.values()] == [("TAKEN", True, 2)] * 2
    for one, value in ((duty, "40"), (other, "50")):
        draft = queries.last_of(one)
        assert (draft.status, draft.values[WHOLE]["value"]) == ("DRAFT", value)
        (row,) = entered_for(draft)
        assert row.delivery.sent_by == world.duyet and "usb.zip" in row.file_name
    assert set(CellEntry.objects.values_list("origin", "by")) == {("FOR_UNIT", world.duyet.pk)}
    lines = JournalEntry.objects.filter(verb="reporting.enter_for").order_by("pk")
    assert [line.unit_code for line in lines] == ["c1", "c2"]
    assert "Nhập thay" in lines[0].summary and "c1.xlsx" in lines[0].summary


def test_what_the_unit_said_stays_its_word(duty, world):
    mailed = blank(duty, **GOOD)
    actions.save_draft(duty=duty, values={WHOLE: "44", PART: "32"}, by=world.baocao, at=AT)
    (row,) = deliver(world.duyet, {"a.xlsx": mailed}, later()).values()
    assert (row.outcome, row.changed, row.waiting) == ("CONFLICT", 0, 1)
    cells = Cells(duty)
    assert cells.shown[WHOLE, "value"].content["value"] == "44"
    assert cells.shown[PART, "value"].by == world.baocao, "the same figure stays the unit's own"
    (aside,) = cells.in_conflict[WHOLE, "value"]
    assert (aside.by, aside.origin) == (world.duyet, Origin.FOR_UNIT)


@pytest.mark.parametrize("who", ["dieuphoi", "xakhac", "so-khac"])
def test_only_the_receivers_own_people_bring_in_a_form(duty, world, who):
    if who not in world.people:
        hire(world, who, "12-KHCN", Role.REVIEWER, reach="12")
    (row,) = deliver(world.people[who], {"a.xlsx": blank(duty, **GOOD)}).values()
    assert row.outcome == "REFUSED" and not row.on_behalf and row.duty is None
    assert "nơi nhận báo cáo" in row.faults[0]["suggestion"]
    assert not Submission.objects.exists()


def test_who_neither_reports_nor_receives_has_no_deliveries(opened, world, enter):
    for who in ("lanhdao", "kiemtra", "quantri"):
        with pytest.raises(NotAllowed):
            send(world.people[who], {"a.xlsx": b"x"})
        assert enter(who).get(reverse("reporting:deliveries")).status_code == 403


def test_receiver_types_nothing_hands_in_nothing_and_chooses_nothing(duty, world, enter):
    deliver(world.duyet, {"a.xlsx": blank(duty, **GOOD)})
    draft, page = queries.last_of(duty), enter("duyet")
    with pytest.raises(NotAllowed):
        actions.submit(submission=draft, by=world.duyet, at=later())
    with pytest.raises(NotAllowed):
        actions.save_draft(duty=duty, values={WHOLE: "1"}, by=world.duyet, at=later())
    for name in ("hand_in", "save", "choose", "workbook"):
        assert page.post(reverse(f"reporting:{name}", args=[duty.pk])).status_code == 403
    assert queries.last_of(duty).status == "DRAFT"


@pytest.mark.parametrize("four_eyes", [True, False])
def test_who_brought_it_in_does_not_approve_it(duty, world, four_eyes):
    duty.round.regime |= {"four_eyes": four_eyes}
    duty.round.save()
    deliver(world.duyet, {"a.xlsx": blank(duty, **GOOD)})
    draft = fill(duty, world.baocao, whole=40, part=32, at=later(2))
    handed = actions.submit(submission=draft, by=world.baocao, at=later(3))
    with pytest.raises(NotAllowed, match="một người khác"):
        actions.approve(submission=handed, by=world.duyet, at=later(4))
    second = hire(world, "duyet2", "12-SNV", Role.REVIEWER, reach="12")
    assert actions.approve(submission=handed, by=second, at=later(4))


def test_handed_in_returns_are_not_touched(duty, world):
    mailed = blank(duty, E7=41, E8=32)
    actions.submit(submission=fill(duty, world.baocao), by=world.baocao, at=AT)
    (row,) = deliver(world.duyet, {"a.xlsx": mailed}, later()).values()
    assert row.outcome == "REFUSED" and "đã nộp lúc" in row.faults[0]["message"]
    assert Submission.objects.get().status == "SUBMITTED"


def test_the_officer_is_told_where_they_look_for_work(duty, world, enter):
    deliver(world.duyet, {"thu-dien-tu.xlsx": blank(duty, **GOOD)})
    page = enter("baocao")
    for where in (reverse("reporting:duties"), reverse("dashboard:home")):
        text = page.get(where).content.decode().lower()
        assert "nơi nhận đã nhập thay, chờ đơn vị xem lại và nộp" in text
    text = page.get(reverse("reporting:duty", args=[duty.pk])).content.decode()
    assert "Tẩn Thị Duyệt (Sở Nội vụ) nạp từ tệp “thu-dien-tu.xlsx”" in text
    assert text.count("Nhập thay: Tẩn Thị Duyệt") == 2
    outside = enter("duyet").get(reverse("reporting:duty", args=[duty.pk])).content.decode()
    assert "thu-dien-tu.xlsx" not in outside and 'value="40"' not in outside


def test_the_approver_sees_it_on_the_return(duty, world, enter):
    deliver(world.duyet, {"a.xlsx": blank(duty, **GOOD)})
    draft = fill(duty, world.baocao, at=later(2))
    handed = actions.submit(submission=draft, by=world.baocao, at=later(3))
    text = enter("duyet").get(reverse("reporting:submission", args=[handed.pk])).content.decode()
    assert "Có số do nơi nhận nhập thay đơn vị." in text and "nạp từ tệp “a.xlsx”" in text


def test_the_list_says_whose_each_file_is(duty, other, world, enter):
    hire(world, "kiem-nhiem", "12-SNV", Role.REPORTER)
    own = duty.round.duties.filter(unit=world.units["12-SNV"]).first()
    files = {"c1.xlsx": blank(duty, **GOOD)} | ({"snv.xlsx": blank(own)} if own else {})
    sent = send(world.people["kiem-nhiem"], files)
    check(sent)
    page, where = enter("kiem-nhiem"), reverse("reporting:delivery", args=[sent.pk])
    text = page.get(where).content.decode()
    assert "Nhập thay đơn vị" in text and "Đã nhập thay đơn vị 1 biểu" in text
    assert "c1.xlsx" not in page.get(where + "?cho=0").content.decode().partition("<tbody>")[2]
    assert (
        "Nạp thay đơn vị gửi báo cáo cho Sở Nội vụ"
        in page.get(reverse("reporting:deliveries")).content.decode()
    )
    assert Delivery.objects.count() == 1
