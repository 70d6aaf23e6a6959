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
from fractions import Fraction
from functools import cached_property, lru_cache

from namro.measuring.definitions import Measure
from namro.terms import Comparator, Standing, Threshold
from namro.web.facts.queries import FigureRow
from namro.web.frame.exact import SCALE
from namro.web.results.rules import DRAWN, difference_text, rounded

Quotient = tuple[int, int]
"""An exact value as two whole numbers, the second above nought; not reduced."""

_FALLING = (Comparator.AT_MOST, Comparator.LESS_THAN)
_UNBOUND = (Comparator.RANGE, Comparator.MILESTONE)


Seen = tuple[Standing, str]
"""What a page shows of one figure: its standing, its value in words."""

NOT_SEEN: Seen = (Standing.NO_DATA, "–")
UNUSUAL, UNHEARD = -1, -2
"""Keys of rows that say no rounded value (see `Judge.of_key`)."""


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
    if row[5] <= 0:
        return None
    above, below = row[3] * measure.scale, row[4]
    if measure.kind != "ratio":
        if measure.kind == "milestone":
            return int(row[3] >= SCALE), 1
        below = row[7] * SCALE
    if below > 0:
        return above, below
    return (-above, -below) if below else None


def drawn(value: Quotient | None) -> int | None:
    """A value for a chart, × 10,000."""
    return None if value is None else rounded(*value, DRAWN)


def drawer(measure: Measure) -> Callable[[FigureRow], int | None]:
    """From a row of a plain measure to what is drawn of it: for thousands of rows."""
    scale, is_share = measure.scale, measure.kind == "share_of_units"

    def draw(row: FigureRow) -> int | None:
        above, below = row[3] * scale, row[7] * SCALE if is_share else row[4]
        if row[5] <= 0 or above < 0 or below <= 0:
            return drawn(quotient_of(measure, row))
        return (2 * above * DRAWN + below) // (2 * below)

    if measure.kind == "milestone":
        return lambda row: drawn(quotient_of(measure, row))
    return draw


def drawable(whole: int | None) -> Decimal | None:
    """32500 → 3.2500: what is drawn, as a number."""
    return None if whole is None else Decimal(whole).scaleb(-4)


def parts_of(measure: Measure, row: FigureRow) -> str:
    """The two parts of a plain measure's figure: "1.035 / 1.440"; "" where nothing is divided."""
    is_share = measure.kind == "share_of_units"
    if row[5] <= 0 or measure.is_logical or (is_share and row[7] == 1):
        return ""
    return f"{_exact(row[3])} / {_exact(row[7] * SCALE if is_share else row[4])}"


def _exact(scaled: int) -> str:
    """In words, with the digits that there are."""
    if scaled % SCALE:
        return worded(scaled, 4).rstrip("0")
    return worded(scaled // SCALE, 0)


def change_of(measure: Measure, now: FigureRow, before: FigureRow) -> str:
    """How a plain measure's figure changed (see `rules.difference_text`)."""
    later, earlier = quotient_of(measure, now), quotient_of(measure, before)
    if later is None or earlier is None:
        return ""
    above = later[0] * earlier[1] - earlier[0] * later[1]
    if measure.digits > 4:
        moved = Fraction(above, later[1] * earlier[1])
        return difference_text(moved, Fraction(0), measure.digits)
    drawn_to = rounded(above, later[1] * earlier[1], DRAWN)
    whole = rounded(drawn_to, 10 ** (4 - measure.digits), 1)
    sign = "+" if whole > 0 else "−" if whole < 0 else ""
    return sign + worded(abs(whole), measure.digits)


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
        self._is_logical = measure.is_logical
        # A threshold that is only met or not asks for no more digits than the measure has.
        self._more = 0 if threshold.comparator is Comparator.MILESTONE else 4
        unit = measure.unit_of_measure
        self._suffix = unit if not unit or unit.startswith("%") else f" {unit}"
        self._texts = _texts(measure.digits, self._suffix)

        is_bound = bool(self._reached) and threshold.comparator not in _UNBOUND
        self._is_quick = is_bound and measure.kind != "milestone"
        self.seen = self._quickly() if self._is_quick else self._seen
        self.seens = _seens(measure.digits, self._suffix)

    @cached_property
    def mark(self) -> tuple[int, ...] | None:
        """What runs of rows are judged by, as small whole numbers (see `weighing`); None where
        they must be judged row by row."""
        if not self._is_quick:
            return None
        sign, goal, of, least = _bound(self.threshold)
        tens, due = 10**self.measure.digits, (0, 0) if self._is_over else self._due or (0, 0)
        short = _CODED.index(Standing.NOT_REACHED if self._is_over else Standing.BEHIND)
        most_above = max(2 * tens * of, due[1], 2 * DRAWN)
        most_below = max(abs(goal), abs(due[0]), 2)
        scale, is_share = self.measure.scale, int(self.measure.kind == "share_of_units")
        found = (scale, is_share, tens, sign, goal, of, least, *due, short, most_above, most_below)
        return found if max(map(abs, (*found, goal * tens))) < _SMALL else None

    def of_key(self, key: int) -> Seen:
        """What a page shows of a row whose rounded value and place among standings are `key`."""
        whole, code = divmod(key, len(_CODED))
        text = self._texts.get(whole) or worded(whole, self.measure.digits) + self._suffix
        found = _CODED[code], text
        if len(self.seens) < _MOST_TEXTS:
            self.seens[key] = found
        return found

    def _seen(self, row: FigureRow) -> Seen:
        """What a page shows of the figure that a row keeps."""
        value = quotient_of(self.measure, row)
        if value is None:
            return NOT_SEEN
        above, below = value
        if self._reached is None:
            return Standing.NO_DATA, self._text(above, below, None)
        is_reached = self._reached(above, below)
        standing = Standing.REACHED if is_reached else self._short(above, below)
        return standing, self._text(above, below, is_reached)

    def _quickly(self) -> Callable[[FigureRow], Seen]:
        """The same for quotients and one bound, without a call or a look-up more than it takes:
        a board has thousands of cells. What is not usual goes the way above."""
        sign, goal, of, least = _bound(self.threshold)
        scale, tens = self.measure.scale, 10**self.measure.digits
        is_share, goal_of_tens = self.measure.kind == "share_of_units", goal * tens
        texts, due = self._texts, None if self._is_over else self._due
        reached, on_course = Standing.REACHED, Standing.ON_COURSE
        behind = Standing.NOT_REACHED if self._is_over else Standing.BEHIND

        def seen(row: FigureRow) -> Seen:
            if row[5] <= 0:
                return NOT_SEEN
            above, below = row[3] * scale, row[7] * SCALE if is_share else row[4]
            if above < 0 or below <= 0:
                return self._seen(row)
            whole = (2 * above * tens + below) // (2 * below)
            is_reached = sign * (above * of - goal * below) >= least
            text = texts.get(whole)
            if text is None or (sign * (whole * of - goal_of_tens) >= least) is not is_reached:
                text = self._text(above, below, is_reached)
            if is_reached:
                return reached, text
            is_good = due is not None and above * due[1] >= due[0] * below
            return (on_course if is_good else behind), text

        return seen

    def _short(self, above: int, below: int) -> Standing:
        """Where a value stands that does not reach the threshold."""
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

    def _text(self, above: int, below: int, is_reached: bool | None) -> str:
        """`is_reached`: whether it meets the threshold; None where there is none to be met."""
        if self._is_logical:
            return "đạt" if above >= below else "chưa đạt"
        digits = self.measure.digits
        tens, reached = 10**digits, self._reached
        # As many more digits as it takes not to seem to reach what the exact value misses.
        if reached is not None and is_reached is not None:
            for _ in range(self._more):
                if reached((2 * above * tens + below) // (2 * below), tens) is is_reached:
                    break
                tens, digits = tens * 10, digits + 1
        whole = rounded(above, below, tens)
        if digits != self.measure.digits:
            return worded(whole, digits) + self._suffix
        text = self._texts.get(whole)
        if text is None:
            text = worded(whole, digits) + self._suffix
            if len(self._texts) < _MOST_TEXTS:
                self._texts[whole] = text
        return text


_MOST_TEXTS = 4096
_SMALL = 1 << 60
_CODED = tuple(Standing)


@lru_cache(maxsize=64)
def _texts(digits: int, suffix: str) -> dict[int, str]:
    """Numbers in words that were asked for before: percentages are a thousand in all."""
    return {}


@lru_cache(maxsize=64)
def _seens(digits: int, suffix: str) -> dict[int, Seen]:
    """What was shown before, by key (see `Judge.of_key`)."""
    return {UNHEARD: NOT_SEEN}


def worded(whole: int, digits: int) -> str:
    """10357, 1 → "1.035,7": a rounded number as officials write it."""
    sign, whole = ("-", -whole) if whole < 0 else ("", whole)
    if not digits:
        return sign + (f"{whole:,}".replace(",", ".") if whole > 999 else str(whole))
    ones, rest = divmod(whole, 10**digits)
    told = f"{ones:,}".replace(",", ".") if ones > 999 else str(ones)
    return f"{sign}{told},{rest:0{digits}d}"


def _bound(threshold: Threshold) -> tuple[int, int, int, int]:
    """(sign, goal, of, least): a value above ÷ below meets the threshold's one bound, which is
    goal ÷ of, where sign × (above × of − goal × below) is at least `least`."""
    assert threshold.value is not None
    how = threshold.comparator
    falls = how in _FALLING or (how is Comparator.EQUAL and threshold.falling)
    is_strict = how in (Comparator.MORE_THAN, Comparator.LESS_THAN)
    return -1 if falls else 1, *threshold.value.as_integer_ratio(), int(is_strict)


def _reached(threshold: Threshold) -> Callable[[int, int], bool] | None:
    """Whether above ÷ below meets the threshold; None where the sentence names no figure."""
    how = threshold.comparator
    if threshold.value is None:
        return (lambda a, b: a >= b) if how is Comparator.MILESTONE else None
    sign, goal, of, least = _bound(threshold)
    if how is Comparator.RANGE:
        assert threshold.value_high is not None
        most, of_most = threshold.value_high.as_integer_ratio()
        return lambda a, b: a * of >= goal * b and a * of_most <= most * b
    return lambda a, b: sign * (a * of - goal * b) >= least


def _due(threshold: Threshold, on: date, deadline: date, started_on: date) -> Quotient | None:
    """The value the straight line from nought asks for on the day; None where there is no line."""
    how = threshold.comparator
    falls = how in _FALLING or (how is Comparator.EQUAL and threshold.falling)
    if falls or threshold.value is None or deadline <= started_on:
        return None
    goal, of = threshold.value.as_integer_ratio()
    return goal * max((on - started_on).days, 0), of * (deadline - started_on).days
