"""Figures as whole numbers: judged, rounded and worded without building a value for each.

A page of thousands of figures takes the sums as the database keeps them (ten-thousandths) and
compares products of whole numbers: exact, like `measuring.assembly` and `measuring.standing`, which
say what is right (tests/web/results/test_columns.py holds the two together). Only plain kinds come
here (`is_plain`); whatever is combined, published or hidden is assembled as a Result.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from namro.measuring.definitions import Measure
from namro.terms import Comparator, Standing, Threshold
from namro.web.facts.queries import FigureRow
from namro.web.frame.exact import SCALE

Quotient = tuple[int, int]
"""An exact value as two whole numbers, the second above nought; not reduced."""

DRAWN = 10_000
"""What a drawn value is counted in: four decimals."""

_FALLING = (Comparator.AT_MOST, Comparator.LESS_THAN)


class Seen(NamedTuple):
    """What a page shows of one figure; `drawn`: the value × 10,000, rounded half up."""

    standing: Standing
    text: str
    drawn: int | None


NOT_SEEN = Seen(Standing.NO_DATA, "–", None)


def is_plain(measure: Measure) -> bool:
    """Whether a figure of the measure is one quotient of its own two sums, always published."""
    return (
        measure.kind in ("ratio", "share_of_units", "milestone")
        and not measure.beside
        and measure.small_below is None
    )


def is_whole(threshold: Threshold) -> bool:
    """Whether a threshold has all bounds that its comparator needs, or none at all."""
    return threshold.comparator is not Comparator.RANGE or threshold.value_high is not None


def quotient_of(measure: Measure, row: FigureRow) -> Quotient | None:
    """The exact value of a plain measure; None for no data."""
    _, _, _, above, below, counted, _, expected = row
    if counted <= 0:
        return None
    if measure.kind == "milestone":
        return int(above >= SCALE), 1
    if measure.kind == "share_of_units":
        below = expected * SCALE
    if below > 0:
        return above * measure.scale, below
    return (-above * measure.scale, -below) if below else None


def rounded(above: int, below: int, tens: int) -> int:
    """above ÷ below in units of 1 ÷ tens, half away from nought."""
    if above < 0:
        return -((-2 * above * tens + below) // (2 * below))
    return (2 * above * tens + below) // (2 * below)


def drawn(value: Quotient | None) -> int | None:
    """A value for a chart, × 10,000."""
    return None if value is None else rounded(*value, DRAWN)


def drawable(whole: int | None) -> Decimal | None:
    """32500 → 3.2500: what is drawn, as a number."""
    return None if whole is None else Decimal(whole).scaleb(-4)


class Judge:
    """Holds values of one plain measure against one threshold on one day (see `rules.judged`)."""

    def __init__(
        self,
        measure: Measure,
        threshold: Threshold,
        *,
        on: date,
        deadline: date,
        started_on: date,
    ) -> None:
        """The threshold must be whole (`is_whole`)."""
        self.measure, self.threshold = measure, threshold
        self._reached = _reached(threshold)
        self._is_over = on > deadline
        self._due = _due(threshold, on, deadline, started_on)
        unit = measure.unit_of_measure
        self._suffix = unit if not unit or unit.startswith("%") else f" {unit}"
        self._tens = 10**measure.digits

    def seen(self, row: FigureRow) -> Seen:
        """What a page shows of the figure that a row keeps."""
        value = quotient_of(self.measure, row)
        if value is None:
            return NOT_SEEN
        above, below = value
        is_reached = self._reached(above, below) if self._reached else False
        return Seen(
            self._standing(above, below, is_reached),
            self._text(above, below, is_reached),
            rounded(above, below, DRAWN),
        )

    def _standing(self, above: int, below: int, is_reached: bool) -> Standing:
        if self._reached is None:
            return Standing.NO_DATA
        if is_reached:
            return Standing.REACHED
        if self._is_over:
            return Standing.NOT_REACHED
        if self.threshold.comparator is Comparator.MILESTONE:
            return Standing.ON_COURSE
        if self._due is None or self._must_fall(above, below):
            return Standing.BEHIND
        is_good = above * self._due[1] >= self._due[0] * below
        return Standing.ON_COURSE if is_good else Standing.BEHIND

    def _must_fall(self, above: int, below: int) -> bool:
        high = self.threshold.value_high
        if self.threshold.comparator is not Comparator.RANGE or high is None:
            return False
        most, of = high.as_integer_ratio()
        return above * of > most * below

    def _text(self, above: int, below: int, is_reached: bool) -> str:
        if self.measure.is_logical:
            return "đạt" if above >= below else "chưa đạt"
        tens, digits = self._tens, self.measure.digits
        if self._reached and self.threshold.comparator is not Comparator.MILESTONE:
            # As many more digits as it takes not to seem to reach what the exact value misses.
            for _ in range(4):
                if self._reached((2 * above * tens + below) // (2 * below), tens) == is_reached:
                    break
                tens, digits = tens * 10, digits + 1
        return worded(rounded(above, below, tens), digits) + self._suffix


def worded(whole: int, digits: int) -> str:
    """10357, 1 → "1.035,7": a rounded number as officials write it."""
    sign, whole = ("-", -whole) if whole < 0 else ("", whole)
    if not digits:
        return sign + (f"{whole:,}".replace(",", ".") if whole > 999 else str(whole))
    ones, rest = divmod(whole, 10**digits)
    told = f"{ones:,}".replace(",", ".") if ones > 999 else str(ones)
    return f"{sign}{told},{rest:0{digits}d}"


def _reached(threshold: Threshold) -> Callable[[int, int], bool] | None:
    """Whether above ÷ below meets the threshold; None where the sentence names no figure."""
    how = threshold.comparator
    if threshold.value is None:
        return (lambda a, b: a >= b) if how is Comparator.MILESTONE else None
    goal, of = threshold.value.as_integer_ratio()
    if how is Comparator.RANGE:
        assert threshold.value_high is not None
        most, of_most = threshold.value_high.as_integer_ratio()
        return lambda a, b: a * of >= goal * b and a * of_most <= most * b
    if how is Comparator.MORE_THAN:
        return lambda a, b: a * of > goal * b
    if how is Comparator.LESS_THAN:
        return lambda a, b: a * of < goal * b
    if how is Comparator.AT_MOST or (how is Comparator.EQUAL and threshold.falling):
        return lambda a, b: a * of <= goal * b
    return lambda a, b: a * of >= goal * b


def _due(threshold: Threshold, on: date, deadline: date, started_on: date) -> Quotient | None:
    """The value the straight line from nought asks for on the day; None where there is no line."""
    how = threshold.comparator
    falls = how in _FALLING or (how is Comparator.EQUAL and threshold.falling)
    if falls or threshold.value is None or deadline <= started_on:
        return None
    goal, of = threshold.value.as_integer_ratio()
    return goal * max((on - started_on).days, 0), of * (deadline - started_on).days
