"""The drawings of a target's page: trend with threshold and deadline, map, bars in a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from django.utils.safestring import SafeString

from namro.terms import Period
from namro.vietnamese import format_date
from namro.web.frame import charts
from namro.web.frame.svg import RED, short
from namro.web.results.course import Course
from namro.web.results.leaves import UnitResult
from namro.web.results.queries import TargetResult
from namro.web.results.rules import DRAWN

_AHEAD = 12
_TRACK, _BAR = "#eef0f3", "#72839c"


def short_label(period: Period) -> str:
    """ "9/2025", "QIII/2025", "6T cuối 2025", "2025": what fits under an axis."""
    month = period.first % 12 + 1
    if period.length == 1:
        return f"{month}/{period.year}"
    if period.length == 3:
        return f"Q{('I', 'II', 'III', 'IV')[(month - 1) // 3]}/{period.year}"
    if period.length == 6:
        return f"6T {'đầu' if month == 1 else 'cuối'} {period.year}"
    return str(period.year)


def trend_of(told: TargetResult, course: Course | None = None) -> SafeString | str:
    """The value over the periods with the threshold, up to the deadline, and what is expected then.

    "" where nothing is drawn.
    """
    measure = told.measure
    if measure is None or measure.is_logical or not any(v is not None for _, v in told.trend):
        return ""
    points: list[tuple[str, Decimal | None]] = [(short_label(p), v) for p, v in told.trend]
    deadline = told.target.due_on
    last = told.trend[-1][0]
    label = ""
    if deadline > last.last_day(measure.calendar):
        label = f"hạn {format_date(deadline)}"
        points += [(short_label(p), None) for p in _until(last, told)]
    unit = measure.unit_of_measure if measure.unit_of_measure.startswith("%") else ""
    found = course.found if course and label else None
    ahead = (float(found.low), float(found.value), float(found.high)) if found else None
    return charts.trend(points, told.threshold.value, label, ahead=ahead, unit="%" if unit else "")


def _until(last: Period, told: TargetResult) -> list[Period]:
    """The periods still to come up to the deadline's month, twelve at most.

    By the month they are named for, not their first day: one that is reckoned from the fifteenth
    of December is next January's, and no figure of a plan that ends in December.
    """
    found: list[Period] = []
    due_on, period = told.target.due_on, last.shifted(1)
    while len(found) < _AHEAD and period.first <= due_on.year * 12 + due_on.month - 1:
        found.append(period)
        period = period.shifted(1)
    return found


def map_of(rows: Sequence[UnitResult], links: dict[int, str]) -> SafeString | str:
    """The communes as hexagons; "" where fewer than three of the units have a place on it."""
    tiles = [
        (
            row.unit.tile_column,
            row.unit.tile_row or 0,
            row.unit.label.removeprefix("Xã "),
            row.value_text.rstrip("%") if row.is_counted else "–",
            str(row.standing),
            links.get(row.unit.pk, ""),
        )
        for row in rows
        if row.unit.is_commune and row.unit.tile_column is not None
    ]
    return charts.hexmap(tiles) if len(tiles) > 2 else ""


def bar_of(most: Decimal, threshold: Decimal | None) -> Callable[[int | None], str]:
    """What draws the bar of a table's row: the value on a track, the threshold as a stroke.

    Said to nobody: the value stands in the cell beside it. `most`: what the longest stands for;
    what is drawn is given in ten-thousandths.
    """
    scale = 150 / float(most) if most > 0 else 0.0
    begin = (
        '<svg class="chart" width="152" height="14" viewBox="0 0 152 14" aria-hidden="true">'
        f'<path fill="{_TRACK}" d="M0 2h150v10H0z"/>'
    )
    end, step = "</svg>", scale / DRAWN
    if threshold is not None:
        x = short(float(threshold) * scale)
        end = f'<path stroke="{RED}" stroke-width="2" d="M{x} 0v14"/></svg>'

    def bar(drawn: int | None) -> str:
        if drawn is None or drawn <= 0:
            return begin + end
        return f'{begin}<path fill="{_BAR}" d="M0 2h{short(drawn * step)}v10H0z"/>{end}'

    return bar


def most_of(rows: Sequence[UnitResult], threshold: Decimal | None) -> Decimal:
    """The value the longest bar stands for."""
    drawn = max((r.drawn for r in rows if r.drawn is not None), default=0)
    return max(threshold or Decimal(0), Decimal(drawn) / DRAWN)
