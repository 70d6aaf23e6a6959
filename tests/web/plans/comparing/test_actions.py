"""Comparing, and what people rule: kept, journalled, never overwritten, taken back."""

from __future__ import annotations

import pytest

from namro.web.org.models import JournalEntry
from namro.web.org.queries import NotAllowed
from namro.web.plans import actions as plans
from namro.web.plans.comparing import actions
from namro.web.plans.comparing.models import Comparison, Ruling
from namro.web.plans.reviewing import keep_draft
from tests.web.plans.comparing.sample import make_comparison, read_text, row_of, rows_now
from tests.web.plans.sample import AT, read_seed

pytestmark = pytest.mark.django_db


def counts(comparison):
    found: dict[str, int] = {}
    for row in rows_now(comparison):
        found[row.main] = found.get(row.main, 0) + 1
    return found


def rule(world, comparison, row, verdict, **more):
    return actions.rule_on(
        comparison=comparison, line=row.key, verdict=verdict, by=world.dieuphoi, at=AT,
        **{"seen": row.ruling.pk if row.ruling else 0, **more},
    )  # fmt: skip


def test_versions_are_told_apart(world):
    comparison = make_comparison(world)

    assert comparison.state == "DONE"
    assert counts(comparison) == {
        "WEAKENED": 1, "DROPPED": 1, "BROUGHT_FORWARD": 1, "ADDED": 1, "UNCHANGED": 23,
    }  # fmt: skip
    entry = JournalEntry.objects.get(verb="plans.compare")
    assert entry.unit_code == "12-VP" and entry.details["counts"]["WEAKENED"] == 1


def test_a_trace_says_what_is_missing_and_weaker(world):
    comparison = make_comparison(world, "SUPERIOR")

    found = counts(comparison)
    assert found["WEAKER"] == 1 and found["MISSING"] == 1 and found["EXTRA"] == 1


def test_what_a_person_dropped_or_edited_in_the_review_is_compared(world):
    comparison = make_comparison(world)
    new = comparison.new
    for change in (
        {"do": "drop", "item": "ct-5"},
        {"do": "edit", "item": "nv-2", "fields": {"lead_units": ["12-SNV"]}},
    ):
        new.refresh_from_db()
        plans.save_draft(reading=new, change=change, by=world.dieuphoi, at=AT)

    assert actions.begin(comparison, world.dieuphoi, AT)

    found = counts(comparison)
    assert found["DROPPED"] == 2
    row = row_of(comparison, "tham mưu việc kiểm tra, giám sát")
    assert row.main == "REASSIGNED" and ("Chủ trì", "Ủy Ban kiểm tra Đảng ủy UBND tỉnh",
                                         "Sở Nội vụ") in row.told  # fmt: skip


def test_a_ruling_keeps_who_and_when_and_is_taken_back(world):
    comparison = make_comparison(world)
    made = rule(world, comparison, row_of(comparison, "phủ sóng 5G"), "CONFIRMED")

    row = row_of(comparison, "phủ sóng 5G")
    assert row.ruling == made and made.by == world.dieuphoi and made.at == AT
    assert JournalEntry.objects.filter(verb="plans.rule_on_line", details__line=row.key).exists()

    actions.undo_ruling(comparison=comparison, line=row.key, seen=made.pk, by=world.dieuphoi, at=AT)

    assert row_of(comparison, "phủ sóng 5G").ruling is None
    made.refresh_from_db()
    assert made.undone_by == world.dieuphoi and made.undone_at == AT


def test_a_rejected_link_leaves_both_alone(world):
    comparison = make_comparison(world, "SUPERIOR")
    row = row_of(comparison, "phủ sóng 5G")

    rule(world, comparison, row, "REJECTED")

    assert row_of(comparison, "phủ sóng 5G").main == "MISSING"
    extra = [r for r in rows_now(comparison) if r.main == "EXTRA"]
    assert {r.key for r in extra} >= {f"+{row.new['id']}"}
    assert len(extra) == 2


def test_a_changed_link_is_judged_anew(world):
    comparison = make_comparison(world, "SUPERIOR")
    missing = row_of(comparison, "quy mô kinh tế số")
    extra = next(r for r in rows_now(comparison) if r.main == "EXTRA")
    assert missing.main == "MISSING"

    rule(world, comparison, missing, "CHANGED", chosen=extra.new["id"])

    row = row_of(comparison, "quy mô kinh tế số")
    assert row.new["id"] == extra.new["id"] and row.linked and row.differences
    assert not [r for r in rows_now(comparison) if r.main == "EXTRA"]


def test_rulings_outlive_a_new_comparison(world):
    comparison = make_comparison(world, "SUPERIOR")
    missing = row_of(comparison, "quy mô kinh tế số")
    extra = next(r for r in rows_now(comparison) if r.main == "EXTRA")
    rule(world, comparison, missing, "CHANGED", chosen=extra.new["id"])
    rule(world, comparison, row_of(comparison, "phủ sóng 5G"), "CONFIRMED")
    new = comparison.new
    plans.save_draft(
        reading=new, by=world.dieuphoi, at=AT,
        change={"do": "drop", "item": extra.new["id"]},
    )  # fmt: skip

    actions.begin(comparison, world.dieuphoi, AT)

    assert row_of(comparison, "phủ sóng 5G").ruling.verdict == "CONFIRMED"
    assert row_of(comparison, "quy mô kinh tế số").ruling is None  # what it chose is gone
    assert Ruling.objects.count() == 2


def test_two_people_do_not_overwrite_each_other(world):
    comparison = make_comparison(world)
    row = row_of(comparison, "phủ sóng 5G")
    rule(world, comparison, row, "CONFIRMED")

    with pytest.raises(actions.StaleLine, match="Vàng Thị Điều đã kết luận"):
        rule(world, comparison, row, "REJECTED")
    with pytest.raises(actions.StaleLine, match="hoàn tác"):
        rule(world, comparison, row_of(comparison, "an ninh mạng"), "CONFIRMED", seen=99)
    assert row_of(comparison, "phủ sóng 5G").ruling.verdict == "CONFIRMED"


@pytest.mark.parametrize(
    ("verdict", "more", "says"),
    [
        ("", {}, "Hãy chọn"),
        ("CHANGED", {}, "trong danh sách"),
        ("CHANGED", {"chosen": "ct-999"}, "trong danh sách"),
    ],
)
def test_odd_rulings_are_refused(world, verdict, more, says):
    comparison = make_comparison(world)

    with pytest.raises(actions.BadComparison, match=says):
        rule(world, comparison, row_of(comparison, "phủ sóng 5G"), verdict, **more)
    assert not Ruling.objects.exists()


def test_a_line_alone_cannot_be_parted(world):
    comparison = make_comparison(world)

    with pytest.raises(actions.BadComparison, match="chưa ghép"):
        rule(world, comparison, row_of(comparison, "quy mô kinh tế số"), "REJECTED")
    with pytest.raises(actions.BadComparison, match="không còn"):
        actions.rule_on(
            comparison=comparison, line="ct-777", verdict="CONFIRMED", seen=0,
            by=world.dieuphoi, at=AT,
        )  # fmt: skip


def test_the_sure_lines_are_confirmed_together_once(world):
    comparison = make_comparison(world)
    lines = [r.key for r in rows_now(comparison) if r.linked]

    first = actions.confirm_sure(comparison=comparison, lines=lines, by=world.dieuphoi, at=AT)
    again = actions.confirm_sure(comparison=comparison, lines=lines, by=world.dieuphoi, at=AT)

    assert first == len(lines) and again == 0
    assert JournalEntry.objects.filter(verb="plans.rule_on_line").count() == 1


def test_only_who_receives_documents_may_ask_and_rule(world):
    comparison = make_comparison(world)
    row = row_of(comparison, "phủ sóng 5G")

    for person in ("duyet", "lanhdao", "xakhac", "quantri"):
        with pytest.raises(NotAllowed):
            actions.ask_comparison(
                kind="VERSIONS", old=comparison.old, new=comparison.new,
                by=world.people[person], at=AT,
            )  # fmt: skip
        with pytest.raises(NotAllowed):
            actions.rule_on(
                comparison=comparison, line=row.key, verdict="CONFIRMED", seen=0,
                by=world.people[person], at=AT,
            )  # fmt: skip


def test_a_pair_is_one_comparison_and_a_document_is_not_its_own_version(world):
    comparison = make_comparison(world)

    same, _ = actions.ask_comparison(
        kind="VERSIONS", old=comparison.old, new=comparison.new, by=world.dieuphoi, at=AT
    )

    assert same.pk == comparison.pk and Comparison.objects.count() == 1
    with pytest.raises(actions.BadComparison, match="văn bản khác"):
        actions.ask_comparison(
            kind="VERSIONS", old=comparison.old, new=comparison.old, by=world.dieuphoi, at=AT
        )
    with pytest.raises(actions.BadComparison, match="Hãy chọn"):
        actions.ask_comparison(
            kind="?", old=comparison.old, new=comparison.new, by=world.dieuphoi, at=AT
        )


def test_a_side_not_read_yet_waits_and_is_compared_when_it_is(world):
    old = read_seed(world)
    new = plans.receive_document(
        by=world.dieuphoi, at=AT, unit=world.units["12-VP"], file_name="b.txt",
        chunks=[b"K\xe1\xba\xbe HO\xe1\xba\xa0CH"],
    )  # fmt: skip

    row, done = actions.ask_comparison(kind="VERSIONS", old=old, new=new, by=world.dieuphoi, at=AT)
    assert not done and row.state == "QUEUED"
    assert actions.run_comparison(row.pk, AT) is None

    plans.run_reading(new.pk, AT)
    assert actions.are_read(row)
    assert actions.run_comparison(row.pk, AT).state == "DONE"
    assert actions.run_comparison(row.pk, AT) is None  # a second worker leaves it alone


def test_a_reading_without_content_fails_in_words(world):
    old = read_seed(world)

    row, _ = actions.ask_comparison(
        kind="SUPERIOR", old=old, new=world.plan.reading, by=world.dieuphoi, at=AT
    )

    row.refresh_from_db()
    assert row.state == "FAILED" and "không có nội dung" in row.failure


def test_large_pairs_go_to_the_worker(world, monkeypatch):
    monkeypatch.setattr(actions, "AT_ONCE", 10)
    old, new = read_seed(world), read_text(world, "KẾ HOẠCH\n\n- 90% xã có đường nhựa.\n" * 2)
    new.items.all().delete()
    keep_draft(new, old.draft, {})

    row, done = actions.ask_comparison(kind="VERSIONS", old=old, new=new, by=world.dieuphoi, at=AT)

    assert not done and row.state == "QUEUED"
    assert actions.run_comparison(row.pk, AT).state == "DONE"
