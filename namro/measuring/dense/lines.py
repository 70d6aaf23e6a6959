"""What bearers inherit: the sums of phases → the sums of who bears them, and what is left over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from namro.measuring.dense.book import Known
from namro.measuring.dense.heirs import Line, Lineages, Paths, later_pairs, line_of
from namro.measuring.dense.judging import FIELDS, PartsOfMany, judged, weigh
from namro.measuring.dense.leaves import Cells, Later, Sums, leaves
from namro.measuring.dense.rollup import check_sums
from namro.measuring.dense.slabs import Flags, Whole
from namro.measuring.kinds import Term
from namro.measuring.succession import Descent, Estate
from namro.terms import Period


@dataclass
class Inheritance:
    """The reorganised units of a question: the sums of their phases, and of those who bear them."""

    known: Known
    terms: Sequence[Term]
    descent: Descent[str]
    lineages: Lineages
    owed: Flags
    phases: Sums
    borne: PartsOfMany

    def put(self, parts: PartsOfMany, owing: Flags) -> None:
        """Put what reorganised units bear in the place of what they told themselves."""
        units = self.known.book.units.of
        living = [(n, b.unit) for n, b in enumerate(self.lineages.bearers) if b.until is None]
        here = np.array([n for n, unit in living if unit in units], np.intp)
        columns = np.array([units[unit] for _, unit in living if unit in units], np.intp)
        for name in FIELDS:
            getattr(parts, name)[:, columns] = getattr(self.borne, name)[:, here]
            getattr(parts, name)[:, columns] *= owing[:, columns]

    def left(self, parts: PartsOfMany) -> Iterator[tuple[frozenset[str], PartsOfMany]]:
        """(who keeps it, what it is) of each split or dissolved unit: of terms that are plain sums.

        `parts`: of all units by themselves, reorganised or not.
        """
        pools = np.array([term.pools for term in self.terms])
        for head, estate in self.descent.estates.items():
            number = self.lineages.bearers.index(head)
            stays = pools & (self.borne.counted[:, number] > 0) & self._stands(estate)
            counted = stays & bool(estate.finals) & ~self._heard_heirs(estate, parts)
            above, below = self.borne.numerator[:, number], self.borne.denominator[:, number]
            told = (above * stays, below * stays, counted.astype(np.int64))
            yield estate.above, PartsOfMany(*told, np.zeros(len(stays), np.int64))

    def _stands(self, estate: Estate[str]) -> Flags:
        """Of each term, whether the estate counts: a stock until an heir has told its own."""
        stock = np.array([term.needed[0].time == "stock" for term in self.terms])
        after = np.array([self.lineages.number[phase] for phase in estate.after], np.intp)
        spoken = np.any(self.phases.counted[:, after] & self.owed[:, after], axis=1)
        found: Flags = ~stock | (~spoken & bool(estate.finals))
        return found

    def _heard_heirs(self, estate: Estate[str], parts: PartsOfMany) -> Flags:
        units = self.known.book.units.of
        columns = np.array([units[u] for u in estate.finals if u in units], np.intp)
        found: Flags = np.any(parts.counted[:, columns] > 0, axis=1)
        return found


def inherited(
    known: Known, cells: Cells, terms: Sequence[Term], descent: Descent[str], period: Period
) -> Inheritance:
    """What reorganised units bear in a period; `cells`: those of the units. Raises TooLarge."""
    calendar = terms[0].calendar
    lineages = Lineages(descent, calendar, known.book.units.of)
    measures = list(dict.fromkeys(term.measure for term in terms))
    by_measure = lineages.owed(known, measures)
    owed = by_measure[[measures.index(term.measure) for term in terms]]
    everyone = np.ones(len(lineages.unit), bool)
    phases = Sums.empty((len(terms), len(everyone)))
    borne = Sums.empty((len(terms), len(lineages.bearers)))
    for rows in _alike(terms, owed):
        of_rows, line = [terms[n] for n in rows], line_of(lineages.paths, owed[rows[0]])
        of_phases = lineages.cells(cells, sorted({i.slug for term in of_rows for i in term.items}))
        later = Later(*later_pairs(lineages.paths, line))
        told = leaves(of_rows, of_phases, period, everyone, later)
        weigh(of_rows, told)
        for values in (told.numerator, told.denominator):
            check_sums(values)
        phases.put(rows, told)
        borne.put(rows, _borne(of_rows, told, lineages.paths, line))
    parts = judged(terms, borne, period)
    return Inheritance(known, terms, descent, lineages, owed, phases, parts)


def _alike(terms: Sequence[Term], owed: Flags) -> list[Whole]:
    """The terms that were owed alike, by row; stocks and flows apart, as they read other cells."""
    found: dict[tuple[str, bytes], list[int]] = {}
    for row, (term, flags) in enumerate(zip(terms, owed, strict=True)):
        found.setdefault((term.needed[0].time, flags.tobytes()), []).append(row)
    return [np.array(rows, np.int64) for rows in found.values()]


def _borne(terms: Sequence[Term], told: Sums, paths: Paths, line: Line) -> Sums:
    """term × bearer: the sums of the phases that enter, each once."""
    counted = told.counted[:, paths.phase] & line.owed  # term × path × depth
    stock = np.array([term.needed[0].time == "stock" for term in terms])[:, None]
    nearer = np.zeros(counted.shape[:2], bool)
    for depth in range(counted.shape[2]):  # of a stock only the nearest phase that told it
        nearer, counted[:, :, depth] = (
            nearer | counted[:, :, depth],
            counted[:, :, depth] & ~(nearer & stock),
        )
    heard = np.any(told.heard[:, paths.phase] & counted, axis=2)
    is_told = np.any(counted, axis=2)
    enters = np.zeros(told.counted.shape, bool)
    term, path, place = np.nonzero(counted)
    enters[term, paths.phase[path, place]] = True
    count, silent = (
        np.add.reduceat(flags.astype(np.int64), paths.starts, axis=1)
        for flags in (is_told, is_told & ~heard)
    )
    is_whole = count == line.needed
    additive = np.array([term.is_additive for term in terms])[:, None]
    stands = np.where(
        stock,
        is_whole & (additive | (_by_bearer(enters, paths, len(line.needed)) == 1)),
        count > 0,
    )
    above, below = (
        _by_bearer(values * enters, paths, len(line.needed)) * stands
        for values in (told.numerator, told.denominator)
    )
    return Sums(above, below, stands, stands & is_whole & (silent == 0))


def _by_bearer(values: Whole, paths: Paths, bearers: int) -> Whole:
    """term × phase → term × bearer."""
    found = np.zeros((bearers, len(values)), np.int64)
    np.add.at(found, paths.of, values.T.astype(np.int64))
    return found.T
