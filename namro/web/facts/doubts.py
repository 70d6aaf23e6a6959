"""Doubts about values: found when a value is recorded, and by the nightly look at everything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from namro.measuring.definitions import Element
from namro.measuring.quality import CHECK_LABELS, doubts
from namro.terms import Period
from namro.vietnamese import format_number, tidy
from namro.web.facts.cells import UnitCells, cells_of
from namro.web.facts.library import library
from namro.web.facts.models import Doubt, Observation
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
    """The doubts about what stands in these cells now. Two queries, one more with peers.

    Peers are units of the same kind; comparing with them reads all of them, so it is left to the
    nightly look.
    """
    known = library().elements
    asked = [p for p in places if p[0] in known]
    units = {unit for _, unit, _ in asked}
    wanted = {p[0] for p in asked}
    sources = wanted | _beside(known[e] for e in wanted)
    alike = _alike(units) if with_peers else {}
    cells = cells_of(units | {u for group in alike.values() for u in group}, sources)
    return _examined(asked, cells, alike)


def preview(unit: Unit, period: str, values: Mapping[str, Decimal]) -> list[Found]:
    """The doubts that values of a unit would raise, were they recorded: for who approves them."""
    known = library().elements
    places = [(element, unit.pk, period) for element in values if element in known]
    cells = cells_of([unit.pk], {*values, *_beside(known[e] for e, _, _ in places)})
    told = cells.setdefault(unit.pk, {})
    for element, value in values.items():
        told.setdefault(element, {})[element, period] = value
    return _examined(places, cells, {})


def _examined(
    asked: list[Place], cells: Mapping[int, UnitCells], alike: Mapping[int, list[int]]
) -> list[Found]:
    known = library().elements
    found: list[Found] = []
    for element, unit, period in asked:
        told = cells.get(unit, {})
        value = told.get(element, {}).get((element, period))
        if value is not None:
            peers = [cells.get(u, {}) for u in alike.get(unit, ()) if u != unit]
            found += _of_cell((element, unit, period), value, known[element], told, peers)
    return found


def _beside(elements: Iterable[Element]) -> set[str]:
    """What elements are held against: their wholes, and what records count."""
    return {slug for e in elements for slug in (e.at_most, e.recorded_as) if slug}


def _alike(units: Collection[int]) -> dict[int, list[int]]:
    kinds = dict(Unit.objects.filter(pk__in=units).values_list("pk", "kind"))
    groups: dict[str, list[int]] = defaultdict(list)
    for unit, kind in Unit.objects.filter(kind__in=set(kinds.values())).values_list("pk", "kind"):
        groups[kind].append(unit)
    return {unit: groups[kind] for unit, kind in kinds.items()}


def _of_cell(
    place: Place, value: Decimal, element: Element, told: UnitCells, peers: list[UnitCells]
) -> list[Found]:
    slug, _, code = place
    period = Period.of(code)
    whole = element.at_most or ""
    pairs = [
        (p.get(slug, {}).get((slug, code)), p.get(whole, {}).get((whole, code))) for p in peers
    ]
    said = doubts(
        element,
        value,
        before=_before(told.get(slug, {}), slug, period),
        whole=told.get(whole, {}).get((whole, code)),
        recorded=told.get(element.recorded_as or "", {}).get((element.recorded_as or "", code)),
        peers=[(part, total) for part, total in pairs if part is not None and total is not None],
    )
    return [Found(place, value, doubt.check, doubt.why) for doubt in said]


def _before(
    cells: Mapping[tuple[str, str], Decimal], element: str, period: Period
) -> list[Decimal]:
    """Earlier values of periods as long as this one, oldest first."""
    told = [(Period.of(code), value) for (slug, code), value in cells.items() if slug == element]
    alike = [(p, v) for p, v in told if p.length == period.length and p.first < period.first]
    return [v for _, v in sorted(alike)]


def keep(found: Iterable[Found], *, at: datetime) -> int:
    """Keep doubts that are new; one answered before stays answered. Gives how many are new."""
    told = list(found)
    if not told:
        return 0
    before = Doubt.objects.count()
    Doubt.objects.bulk_create(
        [
            Doubt(
                check_name=f.check, element=f.place[0], unit_id=f.place[1], period=f.place[2],
                value=f.value, why=f.why[:300], found_at=at,
            )
            for f in told
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    return Doubt.objects.count() - before


def look_at(rows: Iterable[Observation], *, by: User | None, at: datetime) -> None:
    """After values were recorded: a correction answers its doubts, what is new is looked at."""
    told = {(r.element, r.unit_id, r.period): r for r in rows}
    open_ones = Doubt.objects.filter(
        state="OPEN", unit__in={r.unit_id for r in told.values()}, period__in={p for *_, p in told}
    )
    for doubt in open_ones:
        row = told.get((doubt.element, doubt.unit_id, doubt.period))
        if row is None or row.value == doubt.value:
            continue
        now = "rút số liệu" if row.value is None else f"thành {format_number(row.value)}"
        doubt.state, doubt.answer = "CORRECTED", f"Đã đính chính: {now}."
        doubt.answered_by, doubt.answered_at = by, at
        doubt.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    keep(examine(told), at=at)


def look_at_everything(periods: Collection[str], *, at: datetime) -> int:
    """The nightly look at all values of some periods, beside their peers too; how many are new."""
    rows = Observation.objects.filter(period__in=periods).order_by()
    places = rows.values_list("element", "unit_id", "period").distinct()
    return keep(examine(places, with_peers=True), at=at)


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
