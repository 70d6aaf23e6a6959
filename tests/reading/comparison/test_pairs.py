"""Pairs of items, one difference each: what it is called, and what a trace makes of it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from namro.reading.comparison import Change, Coverage, compare_versions, trace
from namro.reading.plan import Mention
from namro.terms import Comparator
from tests.effort import effort
from tests.reading.comparison.plans import DUTIES, SUBJECTS, plan, target, task

ONE = target(SUBJECTS[0])
DUTY = task(DUTIES[0])


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        (ONE, replace(ONE, soft=True), Change.WEAKENED),
        (ONE, replace(ONE, scope="each unit"), Change.STRENGTHENED),
        (replace(ONE, scope="each unit"), ONE, Change.WEAKENED),
        (ONE, replace(ONE, deadline="2028"), Change.POSTPONED),
        (ONE, replace(ONE, deadline=None), Change.POSTPONED),
        (ONE, replace(ONE, deadline="2027-06"), Change.BROUGHT_FORWARD),
        (ONE, replace(ONE, deadline="2027-12-31"), Change.UNCHANGED),
        (ONE, replace(ONE, monitor="Sở Y tế"), Change.STRENGTHENED),
        (replace(ONE, monitor="Sở Y tế"), replace(ONE, monitor="Sở Nội vụ"), Change.REASSIGNED),
        (ONE, replace(ONE, unit="hộ"), Change.UNCLEAR),
        (ONE, replace(ONE, unit="phần trăm"), Change.UNCHANGED),
        (ONE, replace(ONE, value=None, comparator=Comparator.MILESTONE), Change.WEAKENED),
        (DUTY, task(DUTIES[0], ()), Change.WEAKENED),
        (DUTY, task(DUTIES[0], ("Sở Tài chính",)), Change.REASSIGNED),
        (DUTY, task(DUTIES[0], ("Sơ Y tê",)), Change.UNCHANGED),
        (DUTY, task(DUTIES[0], ("Sở Y tế",), "ongoing"), Change.POSTPONED),
        (DUTY, replace(DUTY, product="Báo cáo"), Change.REASSIGNED),
        (DUTY, task(f"Nghiên cứu, {DUTIES[0][0].lower()}{DUTIES[0][1:]}"), Change.WEAKENED),
        (DUTY, task(f"{DUTIES[0]} khi có điều kiện"), Change.WEAKENED),
        (task("Lắp 05 trạm đo mưa tự động"), task("Lắp 03 trạm đo mưa tự động"), Change.WEAKENED),
        (task("Cắt giảm không quá 5 ngày chờ"), task("Cắt giảm không quá 5 ngày chờ"),
         Change.UNCHANGED),
    ],
)  # fmt: skip
def test_one_difference_has_its_name(old, new, change):
    (line,) = compare_versions(plan(old), plan(new)).lines

    assert line.changes == (change,)
    assert line.old.quote == old.quote and line.new.quote == new.quote


@pytest.mark.parametrize(
    ("above", "below", "coverage"),
    [
        (ONE, target(SUBJECTS[0], 85), Coverage.COVERED),
        (ONE, target(SUBJECTS[0], 80, Comparator.EQUAL), Coverage.COVERED),
        (ONE, target(SUBJECTS[0], 79), Coverage.WEAKER),
        (target(SUBJECTS[0], 80, Comparator.MORE_THAN), ONE, Coverage.WEAKER),
        (ONE, target(SUBJECTS[0], 80, soft=True), Coverage.WEAKER),
        (ONE, target(SUBJECTS[0], 80, deadline="2029"), Coverage.LATER),
        (ONE, target(SUBJECTS[0], 80, deadline=None), Coverage.LATER),
        (ONE, target(SUBJECTS[0], 79, deadline="2029"), Coverage.WEAKER),
        (ONE, replace(ONE, unit="hộ"), Coverage.UNCLEAR),
        (DUTY, task(DUTIES[0], ("Sở Tài chính",)), Coverage.COVERED),
        (DUTY, task(DUTIES[0], ()), Coverage.WEAKER),
    ],
)
def test_a_link_is_covered_only_when_nothing_is_less(above, below, coverage):
    line = trace(plan(above), plan(below)).lines[0]

    assert line.plan and line.coverage is coverage


def test_what_all_units_have_is_a_hundred_per_cent():
    count = replace(ONE, quote="08/08 xã có bác sĩ.", value=Decimal(8), unit="xã")
    share = replace(ONE, quote="100% xã có bác sĩ.", value=Decimal(100), unit="%")
    words = replace(
        ONE, quote="Tất cả các xã có bác sĩ.", value=None, comparator=Comparator.MILESTONE
    )
    plans = [plan(replace(t, subject="xã có bác sĩ")) for t in (count, share, words)]

    for old in plans:
        for new in plans:
            (line,) = compare_versions(old, new).lines
            weak = {Change.WEAKENED, Change.UNCLEAR} & set(line.changes)
            assert not weak, line


def test_falling_values_are_weaker_when_higher():
    quote = "Giảm tỷ lệ hộ nghèo xuống còn 5%."
    low = replace(ONE, quote=quote, subject="tỷ lệ hộ nghèo", value=Decimal(5),
                  comparator=Comparator.EQUAL)  # fmt: skip
    high = replace(low, quote=quote.replace("5%", "7%"), value=Decimal(7))

    assert compare_versions(plan(low), plan(high)).lines[0].changes == (Change.WEAKENED,)
    assert trace(plan(low), plan(high)).lines[0].coverage is Coverage.WEAKER
    assert trace(plan(high), plan(low)).lines[0].coverage is Coverage.COVERED


def test_units_of_thousands_and_millions_are_one_scale():
    small = replace(ONE, unit="triệu đồng", value=Decimal(2500))
    large = replace(ONE, unit="tỷ đồng", value=Decimal("2.5"))

    changes = compare_versions(plan(small), plan(large)).lines[0].changes
    assert Change.WEAKENED not in changes and Change.STRENGTHENED not in changes


def test_a_year_by_year_series_is_matched_year_by_year():
    old = plan(*(target(SUBJECTS[0], 50 + n, deadline=str(2026 + n)) for n in range(5)))
    new = plan(*(target(SUBJECTS[0], 50 + n, deadline=str(2026 + n)) for n in (4, 3, 2, 1, 0)))

    assert set(compare_versions(old, new).counts()) == {Change.UNCHANGED}


def test_what_is_said_twice_in_a_plan_is_not_extra():
    above = plan(target(SUBJECTS[0]))
    below = plan(target(SUBJECTS[0], block=1), target(SUBJECTS[0], block=9))

    assert [line.coverage for line in trace(above, below).lines] == [Coverage.COVERED]


def test_orders_to_others_are_not_missing():
    above = plan(
        task(DUTIES[0], ("Bộ Y tế",)),
        task(DUTIES[1], ("Ủy ban nhân dân các tỉnh, thành phố",)),
        target("quy mô nền kinh tế Việt Nam so với khu vực"),
        issuer="Chính phủ",
    )
    below = plan(target(SUBJECTS[3]), issuer="Ủy ban nhân dân tỉnh Sông Mây")

    found = {
        line.superior.words: line.coverage for line in trace(above, below).lines if line.superior
    }

    assert found[DUTIES[0]] is Coverage.ELSEWHERE
    assert found[DUTIES[1]] is Coverage.MISSING
    assert found["quy mô nền kinh tế Việt Nam so với khu vực"] is Coverage.ELSEWHERE


def test_leads_of_another_level_are_no_difference():
    above = plan(task(DUTIES[2], ("UBND các tỉnh",)), issuer="Chính phủ")
    below = plan(task(DUTIES[2], ("Công an tỉnh",)))

    assert trace(above, below).lines[0].coverage is Coverage.COVERED


def test_the_plans_own_end_is_the_deadline_of_what_names_none():
    below = plan(target(SUBJECTS[0], deadline=None))
    whole = replace(below, document=replace(below.document, valid_to="2027"))

    assert trace(plan(ONE), whole).lines[0].coverage is Coverage.COVERED


def test_mentions_are_compared_as_a_set():
    two = replace(DUTY, lead=(Mention("Sở Y tế"), Mention("Sở Nội vụ")))
    turned = replace(DUTY, lead=(Mention("Sở Nội vụ"), Mention("Sở Y tế")))

    assert compare_versions(plan(two), plan(turned)).lines[0].changes == (Change.UNCHANGED,)


def test_empty_plans_are_compared():
    nothing = plan()

    assert compare_versions(nothing, nothing).lines == ()
    assert [ln.changes for ln in compare_versions(nothing, plan(ONE)).lines] == [(Change.ADDED,)]
    assert trace(nothing, plan(ONE)).counts() == {Coverage.EXTRA: 1}
    assert trace(plan(ONE), nothing).counts() == {Coverage.MISSING: 1}


def test_three_hundred_items_are_compared_with_bounded_effort():
    words = [f"{a} ở {b} thứ {n}" for n, (a, b) in enumerate(
        (a, b) for a in SUBJECTS for b in (*DUTIES, *SUBJECTS, *DUTIES)
    )]  # fmt: skip
    big = plan(*(target(w, 20 + n % 70, block=n) for n, w in enumerate(words[:300])))
    compare_versions(plan(ONE), plan(ONE))  # the libraries are loaded once

    for ask in (compare_versions, trace):
        assert effort(lambda ask=ask: ask(big, big)) < 60 * 300**2  # calls: a few dozen a pair


def test_deadline_said_in_a_column_instead_of_the_sentence_is_no_less():
    due = "trước ngày 30/6/2027"
    said = replace(task(DUTIES[0]), deadline=due)
    above = replace(said, quote=f"{DUTIES[0]}, hoàn thành {due}")

    (line,) = trace(plan(above), plan(said)).lines

    assert line.coverage is Coverage.COVERED
