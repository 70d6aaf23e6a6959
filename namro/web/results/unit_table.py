"""The table of the units under a target's figure, its rows as finished text.

A nation has thousands of rows: written straight as text, each takes microseconds, where a template
takes half a millisecond.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from html import escape

from django.utils.safestring import SafeString, mark_safe

from namro.measuring.definitions import Measure
from namro.terms import Standing
from namro.web.facts.queries import name_key
from namro.web.frame.templatetags.writing import sign
from namro.web.results import drawing, leaves
from namro.web.results.details import details_of
from namro.web.results.leaves import Sheet, UnitResult


@dataclass(frozen=True)
class UnitTable:
    """What the page shows in its table; `body`: the rows. Columns without anything are left out."""

    count: int
    body: SafeString | str = ""
    parts_head: str = ""
    is_yes_or_no: bool = False
    has_parts: bool = False
    has_bars: bool = False
    has_change: bool = False


def table_of(
    rows: Sequence[UnitResult],
    links: Mapping[int, str],
    sheet: Sheet | None,
    threshold: Decimal | None,
) -> UnitTable:
    """The table of the units that enter a figure, in their order. `links`: by unit id."""
    if not rows or sheet is None:
        return UnitTable(0)
    measure, told = sheet.measure, details_of(rows, sheet)
    has_parts, has_change = (any(column) for column in zip(*told, strict=True))
    is_yes_or_no = measure.is_logical or measure.kind == "share_of_units"
    has_bars = not is_yes_or_no and len(rows) > 1
    bar = drawing.bar_of(drawing.most_of(rows, threshold), threshold) if has_bars else None
    parts, change = (f'<td class="number{more}">' for more in ("", " change"))
    written = []
    for row, (of_parts, of_change) in zip(rows, told, strict=True):
        cells = [_name(row, links[row.unit.pk])]
        if has_parts:
            cells.append(f"{parts}{escape(of_parts)}</td>")
        if not is_yes_or_no:
            cells.append(f'<td class="number"><strong>{escape(row.value_text)}</strong></td>')
        if bar:
            cells.append(f'<td class="bar">{bar(row.drawn)}</td>')
        if has_change:
            cells.append(f"{change}{escape(of_change)}</td>")
        written.append(f"<tr>{''.join(cells)}{_standing(row.standing)}</tr>")
    # All that comes from outside was escaped where it was written.
    body = mark_safe("".join(written))
    head = _parts_head(measure)
    return UnitTable(len(rows), body, head, is_yes_or_no, has_parts, has_bars, has_change)


def _name(row: UnitResult, link: str) -> str:
    carried = ' <small class="carried">số kỳ trước</small>' if row.is_carried else ""
    return (
        f'<td><a href="{escape(link)}" title="Xem nguồn số liệu của {escape(row.unit.name)}">'
        f"{escape(row.unit.label)}</a>{carried}</td>"
    )


@lru_cache(maxsize=16)
def _standing(standing: Standing) -> str:
    return f'<td class="{standing.value} nowrap">{sign(standing.value)} {standing.label}</td>'


def named(rows: Iterable[UnitResult]) -> SafeString:
    """Units by name in a sentence, each with the note that its older value counts."""
    carried = ' <small class="carried">(số kỳ trước)</small>'
    told = sorted(rows, key=lambda row: name_key(row.unit.label))
    words = (escape(row.unit.label) + (carried if row.is_carried else "") for row in told)
    return mark_safe(", ".join(words))


def _parts_head(measure: Measure) -> str:
    """Head of the column of the two parts: "Tử số / mẫu số (người)"."""
    unit = leaves.parts_unit(measure)
    return f"Tử số / mẫu số ({unit})" if unit else "Tử số / mẫu số"
