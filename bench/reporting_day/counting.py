"""After the day: every value, every total and every line of the journal against what was said."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

import numpy as np

from bench.line import Line
from bench.national import definitions
from bench.reporting_day.day import ELEMENTS, MEASURES, MONTHS, SENDINGS, Day


def measure(day: Day) -> Iterator[Line]:
    """What is lost, doubled or wrong; each should be none."""
    yield from _values(day)
    yield from _returns(day)
    yield from _totals(day)
    yield from _journal(day)


def _values(day: Day) -> Iterator[Line]:
    from namro.web.facts.models import Observation

    rows = Observation.objects.filter(period=day.period.code)
    told = Counter[tuple[int, str]]()
    wrong = 0
    place = {definitions.element(e): n for n, e in enumerate(ELEMENTS)}
    for unit, element, value in rows.values_list("unit_id", "element", "value").iterator():
        told[unit, element] += 1
        wrong += int(value) != day.today[place[element], unit - day.first_commune - 1]
    said = int((day.today >= 0).sum())
    yield Line(f"values lost, of {said:,} said", said - len(told), "", 0)
    yield Line("values doubled", sum(told.values()) - len(told), "", 0)
    yield Line("values other than said", wrong, "", 0)


def _returns(day: Day) -> Iterator[Line]:
    from namro.web.reporting.form.merging import Part
    from namro.web.reporting.models import CellEntry, Sending, Submission

    approved = Submission.objects.filter(status="APPROVED").count()
    yield Line("returns not approved", day.communes - approved, "", 0)
    more = Submission.objects.count() - day.communes
    yield Line("returns more than forms", more, "", 0)
    # The form handed in is a sending as well.
    sent = Sending.objects.count() - (SENDINGS + 1) * day.communes
    yield Line("sendings kept more or less than made", abs(sent), "", 0)
    said = [day.said(n) for n in range(day.communes)]
    words = sum(len(cells) for one in said for cells in one.sendings)
    entries = CellEntry.objects.filter(part=Part.VALUE.value).count()
    blanks = int((day.today < 0).sum())
    yield Line("entries of cells more or less than typed", _beyond(entries, words, blanks), "", 0)
    yield Line("cells in which two words wait", CellEntry.objects.filter(aside=True).count(), "", 0)


def _beyond(found: int, said: int, blanks: int) -> int:
    """How far a number lies outside what was said; a blank handed in may be an entry or none."""
    return max(said - found, found - said - blanks, 0)


def _totals(day: Day) -> Iterator[Line]:
    """Each total of province and nation against the plain sum, then all kept against computed."""
    from namro.web.facts import verification
    from namro.web.facts.models import Figure

    wrong, now = 0, day.today
    kept = {
        (f.unit_id, f.term): f
        for f in Figure.objects.filter(period=day.period.code, unit_id__lte=1 + day.provinces)
    }
    before = [day.told(n) for n in range(MONTHS)]
    for n, number in enumerate(MEASURES):
        part, whole = _both_sides(day, n, number, now, before)
        for unit in range(1 + day.provinces):
            mine = slice(None) if unit == 0 else day.province_of == unit - 1
            found = kept.get((unit + 1, definitions.measure(number)))
            right = (part[mine].sum(), whole[mine].sum())
            told = found and (int(found.numerator), int(found.denominator))
            wrong += told != tuple(map(int, right))
    yield Line("totals other than the plain sum", wrong, "", 0)
    differing = sum(1 for _ in verification.differences([day.period]))
    yield Line("figures other than computed directly", differing, "", 0)


def _both_sides(
    day: Day, n: int, number: int, now: np.ndarray, before: list[np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Part and whole of each commune: carried where blank (stocks), the year to date (flows)."""
    blank = now[2 * n] < 0
    whole, part = (np.where(blank, 0, now[2 * n + side]) for side in (0, 1))
    if number < 60:
        last = before[-1]
        return np.where(blank, last[2 * n + 1], part), np.where(blank, last[2 * n], whole)
    for month, period in enumerate(day.periods):
        if period.year == day.period.year:
            part, whole = part + before[month][2 * n + 1], whole + before[month][2 * n]
    return part, whole


def _journal(day: Day) -> Iterator[Line]:
    from namro.web.org import journal
    from namro.web.org.models import JournalEntry

    told = Counter(JournalEntry.objects.values_list("verb", flat=True))
    for verb in ("reporting.begin", "reporting.submit", "reporting.approve", "facts.record"):
        missing = abs(day.communes - told[verb])
        yield Line(f"lines of the journal, {verb}, more or less", missing, "", 0)
    broken = journal.first_break()
    yield Line("journal's chain broken", 0 if broken is None else 1, "", 0)
    yield Line("lines of the journal in all", sum(told.values()), "", math.inf)
