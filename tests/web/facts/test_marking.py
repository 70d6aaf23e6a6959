"""A published figure and its mark enter the ledger together, whatever was said."""

from datetime import timedelta
from decimal import Decimal

import pytest

from namro.web.facts import actions, queries
from namro.web.facts.library import library
from namro.web.facts.marking import with_marks
from namro.web.facts.models import Figure, Observation
from namro.web.facts.rules import FaultySaying, Said
from tests.web.facts.conftest import AT

SHARE, MARK = "digital-economy-share", "digital-economy-share-mark"
TERM = "nq57.digital-economy"


def told(*said: tuple[str, str, str | None]) -> list[Said]:
    return [Said(e, 1, p, None if v is None else Decimal(v)) for e, p, v in said]


def pairs(said: list[Said]) -> dict[tuple[str, str], Decimal | None]:
    return {(s.element, s.period_code): s.value for s in with_marks(said, library().elements)}


def test_figure_without_a_mark_is_marked_as_unsaid():
    assert pairs(told((SHARE, "2024", "6.1"))) == {
        (SHARE, "2024"): Decimal("6.1"), (MARK, "2024"): 0,
    }  # fmt: skip


def test_figure_withdrawn_takes_its_mark_along():
    said = told((SHARE, "2024", None), (MARK, "2024", "3"))
    assert pairs(said) == {(SHARE, "2024"): None, (MARK, "2024"): None}


def test_each_period_has_its_own_mark():
    said = told((SHARE, "2024", "6.1"), (SHARE, "2025", "6.4"), (MARK, "2025", "1"))
    assert pairs(said)[MARK, "2024"] == 0 and pairs(said)[MARK, "2025"] == 1


@pytest.mark.parametrize(
    ("said", "what"),
    [
        (told((MARK, "2024", "3")), "không có con số đi kèm"),
        (told((SHARE, "2024", "6.1"), (MARK, "2025", "3")), "không có con số đi kèm"),
        (told((SHARE, "2024", "6.1"), (MARK, "2024", "7")), "không có mức độ mang số 7"),
    ],
)
def test_mark_alone_and_mark_that_is_none_are_refused(said, what):
    with pytest.raises(FaultySaying, match=what):
        with_marks(said, library().elements)


@pytest.mark.django_db
def test_later_mark_is_a_new_fact_and_both_stay(world, say):
    target = world.targets["5"]
    target.measure = TERM
    target.save()
    target.assignments.filter(part="EXECUTOR").exclude(unit=world.units["c1"]).delete()
    actions.open_period(period_code="2025", at=AT)
    actions.refresh_expected(at=AT)

    say("c1", "2024", {SHARE: "6.1", MARK: "2"})
    say("c1", "2024", {SHARE: "6.1", MARK: "3"}, after=5, source="submission:2")

    rows = Observation.objects.filter(element=MARK).order_by("pk")
    assert [(r.value, r.delta, r.dn, r.source) for r in rows] == [
        (2, 2, 1, "submission:1"),
        (3, 1, 0, "submission:2"),
    ]
    assert Observation.objects.filter(element=SHARE).count() == 1
    figure = Figure.objects.get(term=TERM, period="2025", unit=world.units["12"])
    assert (figure.numerator, figure.denominator, figure.counted) == (Decimal("6.1"), 3, 1)
    assert queries.verify() == []


@pytest.mark.django_db
def test_page_asked_as_of_then_says_provisional(world, say):
    from namro.measuring import measure, open_store
    from namro.terms import Period
    from namro.web.facts import feed

    target = world.targets["5"]
    target.measure = TERM
    target.save()
    target.assignments.filter(part="EXECUTOR").exclude(unit=world.units["c1"]).delete()
    actions.refresh_expected(at=AT)
    say("c1", "2024", {SHARE: "6.1", MARK: "2"})
    say("c1", "2024", {SHARE: "6.34", MARK: "3"}, after=5)

    with open_store(feed.ensure_fresh()) as tables:
        told = [
            measure(
                [library().measures[TERM]], tables, period=Period.of("2025"), units=["12"],
                as_of=AT + timedelta(hours=hours),
            )[0]
            for hours in (1, 6)
        ]  # fmt: skip
    assert [str(t.mark) for t in told] == ["provisional", "official"]
