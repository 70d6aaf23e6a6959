"""Figures kept live against the direct computation over the store, to the last digit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from threading import local

import numpy as np
from django.db import connection

from namro.measuring import Columns
from namro.measuring.definitions import Library, Measure, terms_of
from namro.measuring.dense.slabs import from_scaled
from namro.terms import Period
from namro.vietnamese import format_number
from namro.web.facts import arrays, direct, expectations, lineage, live
from namro.web.facts.library import library
from namro.web.facts.models import Expected
from namro.web.org.models import Unit


@dataclass(frozen=True)
class Difference:
    """One figure that is not what it should be (chênh lệch): where, what is kept, what is right."""

    measure: str
    unit: str
    period: str
    kept: str
    direct: str

    def __str__(self) -> str:
        where = f"{self.measure}, đơn vị {self.unit}, kỳ {self.period}"
        return f"{where}: đang lưu {self.kept}; tính lại {self.direct}"


Progress = Callable[[int, int, str], None]
"""(periods done, all, the one at hand)."""


def differences(
    periods: Collection[Period] | None = None, progress: Progress | None = None
) -> Iterator[Difference]:
    """Every difference, period by period (all that are kept, or those); none where all is sound.

    What is written meanwhile is no difference: a period is looked at again where the ledger moved.
    """
    known = library()
    owing = expectations.kept()
    yield from _expectations(known, owing)
    slugs = Expected.objects.order_by().values_list("measure", flat=True).distinct()
    measures = [known.measures[s] for s in slugs if s in known.measures]
    asked = list(live.known_periods() if periods is None else periods)
    terms = {t.slug: t for m in measures for t in terms_of(m)}
    places = arrays.Places(list(terms.values()))
    with (
        ExitStack() as opened,
        closing(_by_two(_Check(measures, places, owing, opened), asked)) as found,
    ):
        for done, period in enumerate(asked):
            if progress:
                progress(done, len(asked), period.label)
            yield from next(found)


_MANY = 2
_TRIES = 5


def _by_two(check: _Check, asked: Sequence[Period]) -> Generator[list[Difference], None, None]:
    """What each period differs in, in their order, looked at by two threads: the database reads in
    one while the other computes. What a transaction wrote that goes on here, only it can see."""
    if len(asked) < _MANY or connection.in_atomic_block:
        yield from map(check, asked)
        return

    def with_a_connection_of_its_own(period: Period) -> list[Difference]:
        try:
            return check(period)
        finally:
            connection.close()

    pool = ThreadPoolExecutor(2)
    try:
        yield from pool.map(with_a_connection_of_its_own, asked)
    finally:
        pool.shutdown(cancel_futures=True)


@dataclass
class _Check:
    """Compares all of a period; each thread has the store open by itself, until `opened` closes."""

    measures: list[Measure]
    places: arrays.Places
    owing: expectations.Owing
    opened: ExitStack
    _mine: local = field(default_factory=local)

    def __call__(self, period: Period) -> list[Difference]:
        found: list[Difference] = []
        stores = self._stores()
        for _ in range(_TRIES):
            tables = stores.tables()
            right = direct.columns_of(self.measures, self.places, self.owing, period, tables)
            found = list(_of_period(right, self.places))
            if not found or not stores.is_behind:
                break
        return found

    def _stores(self) -> direct.Stores:
        if not hasattr(self._mine, "stores"):
            self._mine.stores = self.opened.enter_context(direct.Stores())
        stores: direct.Stores = self._mine.stores
        return stores


def _of_period(right: Columns, places: arrays.Places) -> Iterator[Difference]:
    kept, strange = arrays.read(right.period, places)
    period = right.period
    assert kept.own is not None and right.own is not None
    for mine, should, what in ((kept, right, ""), (kept.own, right.own, "riêng đơn vị: ")):
        for row, column in zip(*np.nonzero(_differ(mine, should)), strict=True):
            told = (what + _worded(one, row, column) for one in (mine, should))
            slug, unit = kept.terms[row].slug, kept.units[column]
            yield Difference(slug, unit, period.code, *told)
    codes = dict(zip(places.pks.tolist(), places.units, strict=True))
    for pk, slug in strange:
        yield Difference(slug, codes[pk], period.code, "một dòng", "không có")


def _differ(mine: Columns, should: Columns) -> np.ndarray:
    """Where any of the parts differ; sums of nobody are no sums."""
    found = np.zeros(mine.counted.shape, bool)
    for name in ("counted", "heard", "expected"):
        found |= getattr(mine, name) != getattr(should, name)
    for name in ("numerator", "denominator"):
        a, b = (getattr(one, name) * (one.counted != 0) for one in (mine, should))
        found |= a != b
    return found


def _worded(told: Columns, row: int, column: int) -> str:
    above, below = (
        format_number(from_scaled(int(parts[row, column])))
        for parts in (told.numerator, told.denominator)
    )
    counted, heard, expected = (
        int(parts[row, column]) for parts in (told.counted, told.heard, told.expected)
    )
    return f"{above}/{below}, {counted} đơn vị được tính, {heard} đã báo, {expected} phải báo"


def _expectations(known: Library, kept: expectations.Owing) -> Iterator[Difference]:
    present = expectations.present(known)
    codes = dict(Unit.objects.values_list("pk", "code"))
    for unit in sorted(lineage.behind()):
        yield Difference("mọi cách đo", codes[unit], "cây đơn vị", "cây trước đó", "cây hiện nay")
    if kept == present:
        return
    for slug, unit in sorted(kept.keys() | present.keys()):
        a, b = sorted(kept.get((slug, unit), [])), sorted(present.get((slug, unit), []))
        if a != b:
            yield Difference(slug, codes[unit], "phân công", f"{len(a)} đoạn", f"{len(b)} đoạn")
