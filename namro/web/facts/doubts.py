"""Doubts about values: found when a value is recorded, and by the nightly look at everything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from namro.measuring.definitions import Element, Library
from namro.measuring.quality import CHECK_LABELS, HISTORY, scaled_doubts
from namro.terms import Period
from namro.vietnamese import format_number, tidy
from namro.web.facts import sql
from namro.web.facts.cells import Cells, UnitCells, cells_of
from namro.web.facts.library import library
from namro.web.facts.models import Doubt, Observation
from namro.web.frame.exact import from_scaled, to_scaled
from namro.web.org import journal
from namro.web.org import queries as org
from namro.web.org.models import Unit, User
from namro.web.org.rules import Verb

Place = tuple[str, int, str]
"""(element, unit id, period code)."""

LONGEST_ANSWER = 500


class BadAnswer(ValueError):
    """A doubt cannot be answered so; the message is Vietnamese."""


@dataclass(frozen=True)
class Found:
    """A doubt not yet kept: of which cell, which check, why."""

    place: Place
    value: Decimal
    check: str
    why: str

    @property
    def check_label(self) -> str:
        return CHECK_LABELS[self.check]  # type: ignore[index]


def examine(places: Iterable[Place], *, with_peers: bool = False) -> list[Found]:
    """The doubts about what stands in these cells now. One query, or two more with peers.

    Peers are units of the same kind; comparing with them reads all of them, so it is left to the
    nightly look.
    """
    known = library()
    asked = [p for p in places if p[0] in known.elements]
    units = {unit for _, unit, _ in asked}
    alike = _alike(units) if with_peers else {}
    everyone = units | {u for group in alike.values() for u in group}
    cells = cells_of(everyone, needed(asked, known), known, until=latest(asked))
    return examined(asked, cells, known, alike)


class Telling(NamedTuple):
    """Values of a unit and a period that nobody recorded yet: element → value."""

    unit: int
    period: str
    values: Mapping[str, Decimal]

    def places(self, known: Library) -> list[Place]:
        return [(slug, self.unit, self.period) for slug in self.values if slug in known.elements]


def preview(told: Collection[Telling]) -> list[list[Found]]:
    """The doubts that each would raise, were they recorded in this order: for who approves. Read in
    one go; each is held against what those before it say of the same unit."""
    known = library()
    places = [place for one in told for place in one.places(known)]
    units = {one.unit for one in told}
    cells = cells_of(units, needed(places, known), known, until=latest(places)) if told else {}
    found = []
    for one in told:
        cells[one.unit] = cells[one.unit].saying(one.period, one.values)
        found.append(examined(one.places(known), cells, known))
    return found


def needed(places: Iterable[Place], known: Library) -> dict[str, int]:
    """What must be read to examine cells: source → the first month that matters."""
    since: dict[str, int] = {}
    firsts: dict[str, int] = {}
    for slug, _, code in places:
        if code not in firsts:
            period = Period.of(code)
            firsts[code] = period.shifted(-HISTORY).first
        for source in (slug, *_beside(known.elements[slug])):
            since[source] = min(since.get(source, firsts[code]), firsts[code])
    return since


def latest(places: Iterable[Place]) -> int:
    """The month before which all periods of the cells end."""
    periods = [Period.of(code) for code in {code for *_, code in places}]
    return max((p.first + p.length for p in periods), default=0)


def examined(
    asked: Iterable[Place],
    cells: Cells,
    known: Library,
    alike: Mapping[int, list[int]] | None = None,
) -> list[Found]:
    """The doubts about what stands in these cells, beside what was read with them (`needed`)."""
    found: list[Found] = []
    for place in asked:
        slug, unit, code = place
        value = cells[unit].scaled(slug, code)
        if value is not None:
            peers = [cells[u] for u in alike.get(unit, ()) if u != unit] if alike else []
            found += _of_cell(place, value, known.elements[slug], cells[unit], peers)
    return found


def _beside(element: Element) -> list[str]:
    """What an element is held against: its whole, and what records count."""
    return [slug for slug in (element.at_most, element.recorded_as) if slug]


def _alike(units: Collection[int]) -> dict[int, list[int]]:
    kinds = dict(Unit.objects.filter(pk__in=units).values_list("pk", "kind"))
    groups: dict[str, list[int]] = defaultdict(list)
    for unit, kind in Unit.objects.filter(kind__in=set(kinds.values())).values_list("pk", "kind"):
        groups[kind].append(unit)
    return {unit: groups[kind] for unit, kind in kinds.items()}


def _of_cell(
    place: Place, value: int, element: Element, told: UnitCells, peers: list[UnitCells]
) -> list[Found]:
    slug, _, code = place
    whole, recorded = element.at_most, element.recorded_as
    said = scaled_doubts(
        element,
        value,
        before=told.series(slug, _periods_before(code)),
        whole=told.scaled(whole, code) if whole else None,
        recorded=told.scaled(recorded, code) if recorded else None,
        peers=_pairs(peers, slug, whole, code) if whole else (),
    )
    return [Found(place, from_scaled(value), doubt.check, doubt.why) for doubt in said]


def _pairs(
    peers: list[UnitCells], part: str, whole: str, period: str
) -> list[tuple[Decimal, Decimal]]:
    """(part, whole) of those who told both of the period."""
    places = (part, period), (whole, period)
    return [(p[places[0]], p[places[1]]) for p in peers if all(one in p for one in places)]


@lru_cache(maxsize=4096)
def _periods_before(code: str) -> tuple[str, ...]:
    """The periods as long as this one that a value is held against, oldest first."""
    period = Period.of(code)
    return tuple(period.shifted(-n).code for n in range(HISTORY, 0, -1))


_COLUMNS = (
    "check_name element unit_id period value why found_at state answer answered_by_id answered_at"
).split()


def keep(found: Iterable[Found], *, at: datetime) -> int:
    """Keep doubts that are new; one answered before stays answered. Gives how many are new."""
    moment = connection.ops.adapt_datetimefield_value(at)
    told = [
        (f.check, *f.place, to_scaled(f.value), f.why[:300], moment, "OPEN", "", None, None)
        for f in found
    ]
    return sql.insert(Doubt, _COLUMNS, told, then="ON CONFLICT DO NOTHING")


_OPEN = (
    "SELECT id, element, unit_id, period, value FROM facts_doubt WHERE state = 'OPEN' AND {} AND {}"
)
_CORRECT = (
    "UPDATE facts_doubt SET state = 'CORRECTED', answer = %s, answered_by_id = %s, "
    "answered_at = %s WHERE id = %s"
)


def look_at(
    places: Collection[Place],
    cells: Cells,
    known: Library,
    open_ones: Iterable[sql.Row],
    *,
    by: User | None,
    at: datetime,
) -> None:
    """After values were recorded: a correction answers its doubts, what is new is looked at.

    `cells`: what stands now of these units, at least what is `needed`. `open_ones`: what
    `asking_open` was answered.
    """
    told = set(places)
    moment = connection.ops.adapt_datetimefield_value(at)
    answers = [
        (_corrected(cells[unit].get((slug, period))), by.pk if by else None, moment, pk)
        for pk, slug, unit, period, value in open_ones
        if (slug, unit, period) in told and cells[unit].scaled(slug, period) != value
    ]
    if answers:
        sql.update(_CORRECT, answers)
    keep(examined(places, cells, known), at=at)


def asking_open(places: Collection[Place]) -> sql.Statement:
    """What asks for the open doubts of the units and periods of some cells."""
    units, periods = {unit for _, unit, _ in places}, {period for *_, period in places}
    text = _OPEN.format(sql.among("unit_id"), sql.among("period"))
    return sql.Statement(text, [sql.listed(units), sql.listed(periods)])


def _corrected(value: Decimal | None) -> str:
    now = "rút số liệu" if value is None else f"thành {format_number(value)}"
    return f"Đã đính chính: {now}."


def look_at_everything(periods: Collection[str], *, at: datetime) -> int:
    """The nightly look at all values of some periods, beside their peers too; how many are new."""
    rows = Observation.objects.filter(period__in=periods).order_by()
    places = rows.values_list("element", "unit_id", "period").distinct()
    return keep(_not_explained(examine(places, with_peers=True)), at=at)


MOVED = Decimal("0.2")
"""A value that moved by more than this share since it was explained is asked about again."""


def _not_explained(found: Iterable[Found]) -> list[Found]:
    """Without the units whose standing apart was answered for an earlier period: it lasts."""
    told = list(found)
    apart = {f.place[:2] for f in told if f.check == "PEERS"}
    answered: dict[tuple[str, int], list[tuple[Period, Decimal]]] = defaultdict(list)
    rows = Doubt.objects.filter(
        check_name="PEERS", state__in=("EXPLAINED", "ACCEPTED"), unit__in={u for _, u in apart}
    )
    for element, unit, code, value in rows.values_list("element", "unit_id", "period", "value"):
        answered[element, unit].append((Period.of(code), value))
    return [f for f in told if f.check != "PEERS" or not _lasts(f, answered[f.place[:2]])]


def _lasts(found: Found, answered: Iterable[tuple[Period, Decimal]]) -> bool:
    now = Period.of(found.place[2])
    return any(
        then.first < now.first and abs(found.value - value) <= MOVED * abs(value)
        for then, value in answered
    )


@transaction.atomic
def answer(*, doubt: Doubt, state: str, answer: str, by: User, at: datetime) -> Doubt:
    """Answer a doubt: EXPLAINED by who reports for the unit, ACCEPTED by who approves.

    Raises BadAnswer without words or where it was answered before; NotAllowed.
    """
    on = timezone.localdate(at)
    verbs = {"EXPLAINED": Verb.REPORT, "ACCEPTED": Verb.APPROVE}
    if state not in verbs:
        raise BadAnswer("Hãy chọn giải trình hoặc chấp nhận.")
    org.allow(by, verbs[state], doubt.unit, on=on)
    words = tidy(answer)
    if not words:
        raise BadAnswer("Hãy ghi rõ lý do, để người đọc sau hiểu vì sao số liệu vẫn đúng.")
    if len(words) > LONGEST_ANSWER:
        raise BadAnswer(f"Lý do dài quá {LONGEST_ANSWER} ký tự; hãy viết gọn lại.")
    done = Doubt.objects.filter(pk=doubt.pk, state="OPEN").update(
        state=state, answer=words, answered_by=by, answered_at=at
    )
    if not done:
        raise BadAnswer("Điểm nghi vấn này đã được trả lời trước đó.")
    doubt.refresh_from_db()
    title = library().elements[doubt.element].title if doubt.element in library().elements else ""
    journal.record(
        by, "facts.answer_doubt", doubt, at=at, unit_code=doubt.unit.code,
        summary=f"{doubt.get_state_display()}: {title}, {Period.of(doubt.period).label}",
        answer=words,
    )  # fmt: skip
    return doubt
