"""Reads of the ledger and its figures. Who may see them is decided above, by unit (results)."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db import connection
from django.db.models import Q, QuerySet

from namro.terms import Period
from namro.vietnamese import sort_key
from namro.web.facts import packed, sql, versions
from namro.web.facts.cells import newest_slices
from namro.web.facts.models import (
    BatchSlice,
    Doubt,
    Expected,
    Figure,
    KnownPeriod,
    Observation,
)
from namro.web.facts.verification import Difference, Progress, differences
from namro.web.org import queries as org
from namro.web.org.models import Unit, UnitAncestor, User
from namro.web.org.rules import Kind, Verb

__all__ = [
    "Card",
    "Difference",
    "FigureRow",
    "cards_of_owing",
    "cards_under",
    "doubts_within",
    "figure_rows",
    "figure_rows_and_token",
    "known_periods",
    "name_key",
    "newest_slices",
    "observations_of",
    "owing_units",
    "places_by_name",
    "slices_of",
    "verify",
]


def known_periods() -> list[Period]:
    """The periods for which figures are kept, earliest end first."""
    return list(_in_order(tuple(code for (code,) in sql.rows(_PERIODS))))


_PERIODS = f"SELECT code FROM {KnownPeriod._meta.db_table}"


@lru_cache(maxsize=16)
def _in_order(codes: tuple[str, ...]) -> list[Period]:
    return sorted(map(Period.of, codes), key=lambda p: (p.first + p.length, p.length))


FigureRow = tuple[int, str, str, int, int, int, int, int]
"""(unit id, period, term, numerator, denominator, counted, heard, expected), as the database keeps
them: the two sums × 10,000, whole numbers."""

_SHOWN = "unit_id, period, term, numerator, denominator, counted, heard, expected"
_FEW_ROWS = 64


def figure_rows(
    terms: Collection[str], periods: Collection[str], unit_ids: Collection[int]
) -> list[FigureRow]:
    """What is kept of some terms for some periods, for units with all below them. One query.

    Plain rows, no model's: a page asks for thousands. They lie in the order of period, unit, term;
    so few terms are sought one by one, many are picked from the run of each unit.
    """
    if not (terms and periods and unit_ids):
        return []
    # An expression is no way into the index: the run of the unit is read instead.
    run = "+term" if connection.vendor == "sqlite" else "(term || '')"
    term = "term" if len(terms) <= packed.FEW_TERMS else run
    where = " AND ".join(map(sql.among, ("period", "unit_id", term)))
    return sql.rows(
        f"SELECT {_SHOWN} FROM {Figure._meta.db_table} WHERE {where}",
        *map(sql.listed, (periods, unit_ids, terms)),
    )


def figure_rows_and_token(
    terms: Collection[str], periods: Collection[str], unit_ids: Collection[int]
) -> tuple[list[FigureRow] | packed.Packed, int | None]:
    """The same, packed where it is much of one period; and the token of the state of all rows right
    after they were read: where it is still the one of before, they were read in that state."""
    told: list[FigureRow] | packed.Packed | None = None
    if len(periods) == 1 and len(terms) * len(unit_ids) >= _FEW_ROWS:
        told = packed.read(terms, next(iter(periods)), unit_ids)
    if told is None:
        told = figure_rows(terms, periods, unit_ids)
    return told, versions.token()


@dataclass(frozen=True, slots=True)
class Card:
    """What a list or a map shows of a unit."""

    pk: int
    code: str
    name: str
    short_name: str
    kind: str
    tile_column: int | None
    tile_row: int | None

    @property
    def label(self) -> str:
        return self.short_name or self.name

    @property
    def is_commune(self) -> bool:
        return self.kind in (Kind.COMMUNE, Kind.WARD)


def cards_of_owing(unit: Unit, measure: str, on: date, token: str) -> Mapping[int, Card]:
    """The units beneath (or being) a unit that owe a measure on a day, by id.

    `token`: that of the state they rest on (upkeep.ensure_current), under which they are kept.
    """
    return _cards(unit.pk, measure, on, token)


@lru_cache(maxsize=256)
def _cards(unit: int, measure: str, on: date, token: str) -> Mapping[int, Card]:
    return _cards_of(_beneath(unit, on, token) & _owing(measure, on, token), token)


@lru_cache(maxsize=128)
def _cards_of(units: frozenset[int], token: str) -> Mapping[int, Card]:
    """Once for all measures that the same units owe."""
    known = _all_cards(token)
    return {pk: known[pk] for pk in sorted(units)}


@lru_cache(maxsize=128)
def _beneath(unit: int, on: date, token: str) -> frozenset[int]:
    """The ids of the units that stand beneath a unit on a day, or are it."""
    below = UnitAncestor.objects.filter(org.in_force(on), ancestor=unit)
    found = frozenset(below.values_list("unit_id", flat=True))
    # A unit in neither tree has no line of ancestors, not even its own.
    alone = unit not in found and not UnitAncestor.objects.filter(unit=unit).exists()
    return found | {unit} if alone else found


@lru_cache(maxsize=256)
def _owing(measure: str, on: date, token: str) -> frozenset[int]:
    """The ids of all units that owe a measure on a day."""
    day = on.isoformat()
    told = sql.rows(_OWING.format(sql.strung("unit_id")), measure, day, day)
    return _once(told[0][0] or "")


_OWING = (
    f"SELECT {{}} FROM {Expected._meta.db_table} "
    "WHERE measure = %s AND from_on <= %s AND (to_on IS NULL OR to_on > %s)"
)


@lru_cache(maxsize=64)
def _once(told: str) -> frozenset[int]:
    """The units of a text: of a hundred measures most are owed alike, and by the same object."""
    return frozenset(map(int, told.split(","))) if told else frozenset()


def places_by_name(token: str) -> Mapping[int, int]:
    """Unit id → its place in the order of names, under a state (see `cards_of_owing`)."""
    return _places(token)


@lru_cache(maxsize=2)
def _places(token: str) -> Mapping[int, int]:
    cards = sorted(_all_cards(token).values(), key=lambda c: (name_key(c.label), c.pk))
    return {card.pk: place for place, card in enumerate(cards)}


name_key = lru_cache(maxsize=16_384)(sort_key)


def cards_under(tops: Collection[int], on: date, token: str) -> Sequence[Card]:
    """Some units, by id, and all that stand below them on a day, by name. `token`: as above."""
    return _under(tuple(sorted(tops)), on, token)


@lru_cache(maxsize=128)
def _under(tops: tuple[int, ...], on: date, token: str) -> Sequence[Card]:
    found, known = list(org.units_under(tops, on).values_list("pk", flat=True)), _all_cards(token)
    if not known.keys() >= set(found):  # a unit that nothing stands above yet is no change of state
        known = {row[0]: Card(*row) for row in Unit.objects.values_list(*_OF_CARD)}
    return tuple(sorted((known[pk] for pk in found), key=lambda c: name_key(c.label)))


@lru_cache(maxsize=2)
def _all_cards(token: str) -> Mapping[int, Card]:
    return {row[0]: Card(*row) for row in Unit.objects.values_list(*_OF_CARD)}


_OF_CARD = [f.name for f in dataclasses.fields(Card)]


def owing_units(measure: str, on: date) -> QuerySet[Unit]:
    """All units that owe a measure on a day, as the figures were computed."""
    now = Expected.objects.filter(measure=measure, from_on__lte=on).filter(
        Q(to_on__isnull=True) | Q(to_on__gt=on)
    )
    return Unit.objects.filter(pk__in=now.values("unit_id"))


def observations_of(
    elements: Collection[str], unit_ids: Collection[int], periods: Collection[str] | None = None
) -> QuerySet[Observation]:
    """What was said of some elements by some units, oldest first, corrections included."""
    rows = Observation.objects.filter(element__in=elements, unit_id__in=unit_ids)
    if periods is not None:
        rows = rows.filter(period__in=periods)
    return rows.select_related("unit").order_by("pk")


def slices_of(
    dataset: str, unit_ids: Collection[int], periods: Collection[str] | None = None
) -> QuerySet[BatchSlice]:
    """The slices of a data set that some units sent, replaced ones too, newest first."""
    rows = BatchSlice.objects.filter(batch__dataset=dataset, unit_id__in=unit_ids)
    if periods is not None:
        rows = rows.filter(batch__period__in=periods)
    return rows.select_related("unit", "batch__recorded_by").order_by("-batch_id", "unit_id")


def doubts_within(
    viewer: User, on: date, *, elements: Collection[str] | None = None
) -> QuerySet[Doubt]:
    """Doubts about values of units whose figures the viewer may see, newest first."""
    units = org.units_within(viewer, Verb.SEE_FIGURES, on).values("pk")
    rows = Doubt.objects.filter(unit__in=units)
    if elements is not None:
        rows = rows.filter(element__in=elements)
    return rows.select_related("unit", "answered_by").order_by("-found_at", "-pk")


def verify(
    periods: Collection[Period] | None = None, progress: Progress | None = None
) -> list[Difference]:
    """Every figure row that differs from the direct computation over the store; [] is sound.

    `periods`: those to be looked at; None is all that are kept. `progress(done, all, period)`.
    """
    return list(differences(periods, progress))
