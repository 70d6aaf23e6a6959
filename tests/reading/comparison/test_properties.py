"""What must hold for any two plans."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from namro.reading.comparison import Change, Coverage, compare_versions, trace
from namro.reading.plan import ReadPlan, ReadTarget
from namro.reading.stored import plan_of
from namro.terms import Comparator
from tests.reading.comparison.plans import plans

few = settings(max_examples=30, deadline=None)


def quotes(lines, side: str) -> Counter:
    return Counter(getattr(line, side).quote for line in lines if getattr(line, side))


def of(comparison, change: Change) -> list:
    return [line for line in comparison.lines if change in line.changes]


@few
@given(plans())
def test_a_plan_differs_from_itself_in_nothing(one: ReadPlan):
    comparison = compare_versions(one, one)

    assert set(comparison.counts()) == {Change.UNCHANGED}
    assert all(line.old.key == line.new.key and not line.differences for line in comparison.lines)


@few
@given(plans(), plans())
def test_every_item_stands_on_exactly_one_line(old: ReadPlan, new: ReadPlan):
    lines = compare_versions(old, new).lines

    assert quotes(lines, "old") == Counter(t.quote for t in (*old.targets, *old.tasks))
    assert quotes(lines, "new") == Counter(t.quote for t in (*new.targets, *new.tasks))


@few
@given(plans(least=2), st.data())
def test_an_item_left_out_is_one_drop_and_put_in_one_addition(one: ReadPlan, data):
    gone = data.draw(st.integers(0, len(one.targets) - 1))
    less = replace(one, targets=one.targets[:gone] + one.targets[gone + 1 :])

    there, back = compare_versions(one, less), compare_versions(less, one)

    assert [line.old.quote for line in of(there, Change.DROPPED)] == [one.targets[gone].quote]
    assert [line.new.quote for line in of(back, Change.ADDED)] == [one.targets[gone].quote]
    rest = {c for line in there.lines for c in line.changes} - {Change.DROPPED}
    assert rest <= {Change.UNCHANGED}


@few
@given(plans(), plans())
def test_what_one_way_adds_the_other_way_drops(old: ReadPlan, new: ReadPlan):
    there, back = compare_versions(old, new), compare_versions(new, old)

    for one, other in ((Change.ADDED, Change.DROPPED), (Change.DROPPED, Change.ADDED)):
        assert quotes(of(there, one), "old") == quotes(of(back, other), "new")
        assert quotes(of(there, one), "new") == quotes(of(back, other), "old")
    for one, other in (
        (Change.WEAKENED, Change.STRENGTHENED),
        (Change.POSTPONED, Change.BROUGHT_FORWARD),
    ):
        assert quotes(of(there, one), "old") == quotes(of(back, other), "new")


def changed(one: ReadPlan, at: int, **fields) -> ReadPlan:
    target: ReadTarget = replace(one.targets[at], **fields)
    if "value" in fields:
        was, now = f"{one.targets[at].value}%", f"{target.value}%"
        target = replace(target, quote=target.quote.replace(was, now))
    return replace(one, targets=(*one.targets[:at], target, *one.targets[at + 1 :]))


@few
@given(plans(), st.integers(1, 19), st.data())
def test_a_lower_threshold_is_a_weakening_and_nothing_else(one: ReadPlan, less: int, data):
    at = data.draw(st.integers(0, len(one.targets) - 1))
    lower = changed(one, at, value=one.targets[at].value - less)

    comparison = compare_versions(one, lower)

    weakened = of(comparison, Change.WEAKENED)
    assert [line.old.number for line in weakened] == [at + 1]
    assert weakened[0].changes == (Change.WEAKENED,)
    level = next(d for d in weakened[0].differences if d.field == "level")
    assert level.old != level.new
    assert comparison.counts() == {Change.WEAKENED: 1} | (
        {Change.UNCHANGED: len(comparison.lines) - 1} if len(comparison.lines) > 1 else {}
    )


@few
@given(plans(), st.integers(1, 5), st.data())
def test_a_higher_ceiling_is_a_weakening(one: ReadPlan, more: int, data):
    at = data.draw(st.integers(0, len(one.targets) - 1))
    limit = data.draw(st.sampled_from([Comparator.AT_MOST, Comparator.LESS_THAN]))
    capped = changed(one, at, comparator=limit)
    higher = changed(capped, at, value=capped.targets[at].value + more)

    assert Change.WEAKENED in compare_versions(capped, higher).lines[at].changes
    assert Change.STRENGTHENED in compare_versions(higher, capped).lines[at].changes


@few
@given(plans(), st.data())
def test_at_least_made_a_bare_figure_is_a_weakening(one: ReadPlan, data):
    at = data.draw(st.integers(0, len(one.targets) - 1))
    firm = changed(one, at, comparator=Comparator.AT_LEAST)
    bare = changed(one, at, comparator=Comparator.EQUAL)

    assert compare_versions(firm, bare).lines[at].changes == (Change.WEAKENED,)


@few
@given(plans())
def test_a_plan_covers_itself(one: ReadPlan):
    lines = trace(one, one).lines

    assert {line.coverage for line in lines} == {Coverage.COVERED}


@few
@given(plans(), st.integers(1, 19), st.data())
def test_less_than_asked_is_never_called_covered(one: ReadPlan, less: int, data):
    at = data.draw(st.integers(0, len(one.targets) - 1))
    assume(one.targets[at].value > less)
    weaker = changed(one, at, value=one.targets[at].value - less)

    lines = trace(one, weaker).lines

    assert lines[at].coverage is Coverage.WEAKER


@few
@given(plans(), plans())
def test_a_superiors_item_stands_once_and_an_extra_answers_nothing(upper: ReadPlan, one: ReadPlan):
    lines = trace(upper, one).lines

    above = Counter(t.quote for t in (*upper.targets, *upper.tasks))
    assert quotes(lines, "superior") == above
    extra = quotes([ln for ln in lines if ln.coverage is Coverage.EXTRA], "plan")
    linked = quotes([ln for ln in lines if ln.coverage is not Coverage.EXTRA], "plan")
    assert not extra & linked
    assert set(extra | linked) == {t.quote for t in (*one.targets, *one.tasks)}
    for line in lines:
        assert 0 <= line.confidence <= 1
        assert [c.score for c in line.candidates] == sorted(
            (c.score for c in line.candidates), reverse=True
        )


@few
@given(plans(), plans())
def test_the_same_two_plans_always_give_the_same(old: ReadPlan, new: ReadPlan):
    for ask in (compare_versions, trace):
        assert json.dumps(ask(old, new).as_json()) == json.dumps(ask(old, new).as_json())


@few
@given(plans())
def test_a_plan_comes_back_from_its_data(one: ReadPlan):
    data = json.loads(json.dumps(one.as_json(), ensure_ascii=False))

    assert plan_of(data).as_json() == data
