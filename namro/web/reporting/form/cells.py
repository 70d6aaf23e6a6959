"""The cells of one duty's form: what stands in each, taking in what is said anew, choosing.

The caller holds the duty's row locked; so versions (the keys of entries) grow in the order in which
they were said, and "everything up to version N" is a moment in the life of the whole form.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, QuerySet

from namro.web.frame.prepared import prepared
from namro.web.frame.rows import insert_rows
from namro.web.org.models import User
from namro.web.reporting.form import merging
from namro.web.reporting.form.merging import Cell, Content, Origin, Outcome, Part
from namro.web.reporting.form.sheets import bare
from namro.web.reporting.models import CellEntry, Duty, Submission

_READ = (
    "duty_id", "submission_id", "element", "part", "content", "base_id", "aside", "open",
    "settled_by_id", "origin", "at", "typed_at", "by__full_name",
)  # fmt: skip

Seen = int | Mapping[str, int | None] | None
"""What an author had seen: everything up to a version; or each cell's version by the cell's name;
None: what stands now (for who has just looked, within the same transaction)."""


@dataclass(frozen=True)
class Author:
    """Who says something, when, from where; `age`: seconds since it was typed, by cell name."""

    by: User | None
    at: datetime
    origin: Origin = Origin.WEB
    ages: Mapping[str, float] | None = None

    def typed_at(self, cell: Cell) -> datetime:
        return merging.typed_at(self.at, (self.ages or {}).get(merging.field_name(cell)))


class Cells:
    """What stands in the cells of one duty."""

    def __init__(self, duty: Duty) -> None:
        self.duty = duty
        self.shown: dict[Cell, CellEntry] = {}
        self.asides: dict[Cell, list[CellEntry]] = defaultdict(list)
        for entry in _standing(duty.pk):
            entry.duty = duty
            self._add(entry)

    def _add(self, entry: CellEntry) -> None:
        cell = (entry.element, entry.part)
        if entry.aside:
            self.asides[cell].append(entry)
        else:
            self.shown[cell] = entry

    @property
    def newest(self) -> int:
        """The newest version that stands in any cell; 0 when nothing was ever said."""
        kept = [e.pk for e in self.shown.values()]
        kept += [e.pk for waiting in self.asides.values() for e in waiting]
        return max(kept, default=0)

    @property
    def in_conflict(self) -> dict[Cell, list[CellEntry]]:
        """The cells where a person must choose, with what waits there."""
        return {cell: waiting for cell, waiting in self.asides.items() if waiting}

    def standing(self, cell: Cell) -> merging.Standing:
        shown = self.shown.get(cell)
        waiting = {e.pk: e.content for e in self.asides.get(cell, ())}
        if shown is None:
            return merging.Standing(asides=waiting)
        return merging.Standing(shown.pk, shown.content, waiting)

    def bases(self, cells: Iterable[Cell], seen: Seen) -> dict[Cell, CellEntry | None]:
        """The entry each cell's author had seen; None where that was an empty cell."""
        wanted = list(cells)
        if seen is None:
            return {cell: self.shown.get(cell) for cell in wanted}
        if isinstance(seen, int):
            found = self._shown_at(seen)
        else:
            found = self._named({c: seen.get(merging.field_name(c)) for c in wanted})
        return {cell: found.get(cell) for cell in wanted}

    def _shown_at(self, mark: int) -> Mapping[Cell, CellEntry]:
        """What was shown when `mark` was the newest version."""
        if mark >= self.newest:
            return self.shown
        past = CellEntry.objects.filter(duty=self.duty, aside=False, pk__lte=mark)
        last = past.values("element", "part").annotate(last=Max("pk")).values("last")
        return {(e.element, e.part): e for e in CellEntry.objects.filter(pk__in=last)}

    def _named(self, versions: Mapping[Cell, int | None]) -> dict[Cell, CellEntry]:
        wanted = [version for version in versions.values() if version]
        known = {entry.pk: entry for entry in _once_said(self.duty.pk, wanted)}
        found = {}
        for cell, version in versions.items():
            entry = known.get(version or 0)
            if entry and (entry.element, entry.part) == cell:
                found[cell] = entry
        return found

    def take(
        self, said: Mapping[Cell, Content], seen: Seen, submission: Submission, author: Author
    ) -> dict[Cell, CellEntry | None]:
        """Take in what was said; give for each cell the version its author's word now has.

        What says nothing new keeps the version that stands; what rests on an older version than
        the one shown waits aside.
        """
        bases, landed = self.bases(said, seen), {}
        ended: list[CellEntry] = []
        made: list[CellEntry] = []
        for cell, content in said.items():
            base = bases[cell]
            outcome = merging.judge(
                content, base and base.pk, base.content if base else {}, self.standing(cell)
            )
            if outcome is Outcome.AGREED and base:
                self._withdraw(base)
            if outcome in (Outcome.SAME, Outcome.AGREED):
                landed[cell] = self._alike(cell, content) or base
                continue
            before = self.shown.get(cell) if outcome is Outcome.TAKEN else base
            entry = _made(submission, cell, content, before, author)
            entry.aside = outcome is not Outcome.TAKEN
            if before and outcome is not Outcome.ASIDE:
                ended.append(before)
            made.append(entry)
            landed[cell] = entry
        self._write(made, ended)
        return landed

    def _alike(self, cell: Cell, content: Content) -> CellEntry | None:
        """The entry that stands and says this already."""
        standing = [self.shown[cell]] if cell in self.shown else []
        standing += self.asides.get(cell, [])
        return next((e for e in standing if merging.alike(e.content, content)), None)

    def _withdraw(self, aside: CellEntry) -> None:
        """What waited says now what is shown: it is kept, closed, settled by the shown one."""
        cell = (aside.element, aside.part)
        CellEntry.objects.filter(pk=aside.pk).update(open=False, settled_by=self.shown.get(cell))
        self._no_longer_waits(aside)

    def _no_longer_waits(self, entry: CellEntry) -> None:
        waiting = self.asides.get((entry.element, entry.part), [])
        waiting[:] = [e for e in waiting if e.pk != entry.pk]

    def _write(self, made: list[CellEntry], ended: list[CellEntry]) -> None:
        if ended:
            CellEntry.objects.filter(pk__in=[e.pk for e in ended]).update(open=False)
        for entry in ended:
            self._no_longer_waits(entry)
        insert_rows(made)
        for entry in made:
            self._add(entry)

    def settle(
        self, cell: Cell, content: Content, submission: Submission, author: Author
    ) -> CellEntry:
        """Show a person's choice in a cell; what stood and waited there is kept, closed."""
        shown, waiting = self.shown.get(cell), list(self.asides.get(cell, ()))
        entry = _made(submission, cell, content, shown, author)
        closed = [e.pk for e in ([shown] if shown else []) + waiting]
        CellEntry.objects.filter(pk__in=closed).update(open=False)
        entry.save(force_insert=True)
        CellEntry.objects.filter(pk__in=[e.pk for e in waiting]).update(settled_by=entry)
        self.asides.pop(cell, None)
        self._add(entry)
        return entry

    def values(self, kept: Mapping[str, Mapping[str, str | None]]) -> dict[str, dict]:
        """The values of the form as `Submission.values` holds them; `kept`: those before."""
        found = {slug: dict(entry) for slug, entry in kept.items()}
        for (element, part), entry in self.shown.items():
            if not element:
                continue
            row = found.setdefault(element, {"value": None, "cell": "", "note": ""})
            if part == Part.NOTE:
                row["note"] = entry.content.get("note") or ""
                continue
            row.pop("typed", None)
            row |= {"value": entry.content.get("value"), "cell": entry.content.get("cell") or ""}
            if typed := entry.content.get("typed"):
                row["typed"] = typed
        return found


def unsettled(submission: Submission) -> list[str]:
    """What keeps a return with unsettled cells from being handed in, a sentence a cell."""
    conflicts = _asides(submission.duty)
    if not conflicts:
        return []
    numbers = {
        a.element.slug: (number, a.element.title)
        for number, a in enumerate(bare(submission.duty), start=1)
    }
    found = []
    for element, part in conflicts:
        number, title = numbers.get(element, (0, ""))
        where = f"Dòng {number} “{title}”" if number else "Thuyết minh chung"
        what = "ghi chú" if part == Part.NOTE else "số"
        found.append(f"{where}: có nhiều {what} khác nhau đang chờ chọn. Hãy chọn một rồi nộp.")
    return found


def _made(
    submission: Submission, cell: Cell, content: Content, base: CellEntry | None, author: Author
) -> CellEntry:
    return CellEntry(
        duty_id=submission.duty_id, submission=submission, element=cell[0], part=cell[1],
        content=dict(content), base=base, origin=author.origin, by=author.by, at=author.at,
        typed_at=author.typed_at(cell),
    )  # fmt: skip


def _entries(duty: Duty) -> QuerySet[CellEntry]:
    """Of who said each only the name: forty rows often have one author."""
    return CellEntry.objects.filter(duty=duty).select_related("by").only(*_READ)


@prepared
def _standing(duty: int) -> QuerySet[CellEntry]:
    rows = CellEntry.objects.filter(duty=duty, open=True).select_related("by")
    return rows.only(*_READ).order_by("pk")


@prepared
def _once_said(duty: int, entries: list[int]) -> QuerySet[CellEntry]:
    return CellEntry.objects.filter(duty=duty, pk__in=entries)


def _asides(duty: Duty) -> list[Cell]:
    """The cells where a person must choose, in the order in which the first word came to wait."""
    return list(dict.fromkeys(_waiting(duty.pk)))


@prepared
def _waiting(duty: int) -> QuerySet[CellEntry, tuple[str, str]]:
    rows = CellEntry.objects.filter(duty=duty, open=True, aside=True).order_by("pk")
    return rows.values_list("element", "part")
