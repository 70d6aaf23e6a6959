"""A person chooses where two people said different things into one cell (chọn giữa các số)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from namro.web.frame.days import say_moment
from namro.web.org.models import User
from namro.web.reporting.form import entries, merging
from namro.web.reporting.form.cells import Author, Cells
from namro.web.reporting.form.drafts import allow_report, journal, open_draft, said_of, show
from namro.web.reporting.form.merging import Cell, Origin, Part
from namro.web.reporting.form.sheets import bare
from namro.web.reporting.models import CellEntry, Duty, Submission


class StaleChoice(Exception):
    """What stands in the cell is no longer what the person saw; the message is Vietnamese."""

    def __init__(self) -> None:
        super().__init__(
            "Trong lúc đồng chí xem, dòng này vừa có số khác. Chưa số nào bị thay; hãy xem lại các "
            "số dưới đây rồi chọn."
        )


@transaction.atomic
def choose(
    *,
    duty: Duty,
    cell: Cell,
    entry: int | None,
    seen: Collection[int],
    by: User | None,
    at: datetime,
    typed: str = "",
) -> Submission:
    """Show one of the entries that stand in a cell, or (`entry` None) what is typed as a third.

    `seen`: the keys of all entries that stood in the cell on the person's page. All are kept and
    the choice is journalled with values, authors and times. Choosing the same again is harmless.
    Raises NotAllowed, LockedReturn, StaleChoice, entries.UnknownElement, entries.TooLong.
    """
    allow_report(by, duty, at)
    Duty.objects.select_for_update().get(pk=duty.pk)
    cells = Cells(duty)
    standing = _standing(cells, cell)
    if set(seen) != {e.pk for e in standing} or not cells.asides.get(cell):
        if made := _made_before(cells, cell, seen, entry):
            return made.submission
        raise StaleChoice
    draft = open_draft(duty, by, at)
    content = _content(duty, cell, standing, entry, typed)
    chosen = cells.settle(cell, content, draft, Author(by, at, Origin.WEB))
    show(draft, cells, by, at)
    _journal_choice(draft, chosen, standing, by, at)
    return draft


def _standing(cells: Cells, cell: Cell) -> list[CellEntry]:
    shown = cells.shown.get(cell)
    return ([shown] if shown else []) + list(cells.asides.get(cell, ()))


def _made_before(
    cells: Cells, cell: Cell, seen: Collection[int], entry: int | None
) -> CellEntry | None:
    """The same choice, when it was made already (the answer was lost, the button pressed twice)."""
    shown = cells.shown.get(cell)
    if shown is None or cells.asides.get(cell):
        return None
    settled = set(shown.settles.values_list("pk", flat=True)) | {shown.base_id} - {None}
    if not shown.settles.exists() or settled != set(seen):
        return None
    picked = CellEntry.objects.filter(pk=entry, duty=cells.duty).first()
    return shown if picked and merging.alike(picked.content, shown.content) else None


def _content(
    duty: Duty, cell: Cell, standing: list[CellEntry], entry: int | None, typed: str
) -> dict[str, Any]:
    if entry is not None:
        picked = next((e for e in standing if e.pk == entry), None)
        if picked is None:
            raise StaleChoice
        return dict(picked.content)
    element, part = cell
    if not element:
        return said_of(duty, {}, typed)[cell]
    return said_of(duty, {element: {part: typed}})[cell]


def written(duty: Duty, entry: CellEntry) -> str:
    """What an entry says, as it is read on the page; "để trống" for nothing."""
    if entry.part == Part.NOTE:
        return str(entry.content.get("note") or "") or "để trống"
    kinds = {a.element.slug: a.element.kind for a in bare(duty)}
    return entries.shown(entry.content, kinds.get(entry.element, "number")) or "để trống"


def told_by(entry: CellEntry) -> str:
    """Who said an entry, when and from where: "Lò A, 10:00 ngày 15/9/2025, từ tệp Excel"."""
    who = entry.by.full_name if entry.by else "Hệ thống"
    words = f"{who}, {say_moment(entry.typed_at)}, {Origin(entry.origin).label}"
    cell = entry.content.get("cell")
    return f"{words}, ô {cell}" if cell else words


def conflicts_of(duty: Duty, cells: Cells | None = None) -> dict[str, list[CellEntry]]:
    """Cell name → the entries among which a person must choose, the shown one first."""
    cells = cells or Cells(duty)
    return {merging.field_name(c): _standing(cells, c) for c in cells.in_conflict}


def _journal_choice(
    draft: Submission, chosen: CellEntry, standing: list[CellEntry], by: User | None, at: datetime
) -> None:
    told = [
        {"entry": e.pk, "text": written(draft.duty, e), "by": e.by.full_name if e.by else "",
         "typed_at": e.typed_at, "received_at": e.at, "from": e.origin, "shown": not e.aside}
        for e in standing
    ]  # fmt: skip
    text = written(draft.duty, chosen)
    journal(
        by, "choose", draft, at, f"Chọn “{text[:60]}” giữa {len(told)} lần nhập khác nhau, {draft}",
        element=chosen.element, part=chosen.part, chosen=text, among=told,
    )  # fmt: skip
