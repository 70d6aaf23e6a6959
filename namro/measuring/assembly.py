"""Parts → a Result, at any unit: the only place where anything is divided or combined.

Both ways to a figure end here: the figure rows kept live (`figures.py`) and the direct computation
over the store (`direct.py`). So they cannot differ in a division. All arithmetic is exact.

Policies, each tested in tests/spec because it changes official figures:

- a unit that said nothing is left out of a ratio and shows in `counted`, but counts as not reached
  in a share of units, whose denominator is the units expected;
- a unit whose older value is carried forward is counted, but not heard: it has not spoken for the
  last period due, and the figure says so;
- min, mean and weighted with a part missing are no data, never a smaller number;
- all and any are yes or no only when certain: one part reached settles "any", one part not reached
  settles "all", otherwise a missing part leaves no data;
- nothing divided by nothing (0/0) is no data;
- a published number (level) is never added up: above more than one supplier there is no value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from namro.measuring.kinds import Measure
from namro.measuring.marks import Mark, mark_of
from namro.terms import Period

ZERO = Decimal(0)


@dataclass(frozen=True)
class Parts:
    """What travels upward for one term: sums over the units beneath (tử số, mẫu số, số đơn vị).

    Ratio: the two sums. Level: the number, the code of its mark or 0. Milestone: leaves where it
    stands, leaves counted. Share of units: leaves that reach the rule, leaves counted. `counted`:
    the leaves that enter the figure (được tính); `heard`: those of them that spoke for the last
    period due (đã báo).
    """

    numerator: Decimal = ZERO
    denominator: Decimal = ZERO
    counted: int = 0
    heard: int = 0

    def __add__(self, other: Parts) -> Parts:
        return Parts(
            self.numerator + other.numerator,
            self.denominator + other.denominator,
            self.counted + other.counted,
            self.heard + other.heard,
        )

    def __sub__(self, other: Parts) -> Parts:
        return Parts(
            self.numerator - other.numerator,
            self.denominator - other.denominator,
            self.counted - other.counted,
            self.heard - other.heard,
        )


NOTHING = Parts()


@dataclass(frozen=True)
class Result:
    """One figure (kết quả): a measure at a unit for a period. Computed, never stored as truth.

    `value` is exact and in the measure's unit (45 for 45%); None is no data. Yes or no is 1 or 0.
    `numerator` / `denominator`: the sums divided; for `min` those of the smallest part; for all /
    any the parts reached / all parts; None where there is nothing to divide. Of `expected`
    leaf units `counted` enter the figure and `heard` have reported for the last period due
    (heard ≤ counted ≤ expected); of a combined measure the least of its parts, the most of a
    logical one's. `parts`: the results of the parts of a combined measure, or the series
    beside a level. `missing`: slugs of the parts without data. `hidden`: there is a figure, of so
    few that it is not published (số ít). `mark`: how final a published number is, where it says.
    `definition` is the measure itself, for words and digits; it takes no part in comparison.
    """

    measure: str
    unit: str
    period: Period
    numerator: Decimal | None
    denominator: Decimal | None
    value: Fraction | None
    counted: int
    heard: int
    expected: int
    parts: tuple[Result, ...] = ()
    missing: tuple[str, ...] = ()
    definition: Measure | None = field(default=None, compare=False, repr=False)
    hidden: bool = False
    mark: Mark | None = None

    def kept_back(self) -> Result:
        """The same without the figure: it is of so few that it is not published."""
        return replace(
            self, numerator=None, denominator=None, value=None, missing=(self.measure,), hidden=True
        )


def assemble(
    measure: Measure,
    parts: Mapping[str, Parts],
    *,
    expected: int,
    unit: str,
    period: Period,
) -> Result:
    """The result of a measure at one unit, from the summed parts of its terms.

    `parts`: term slug → Parts at this unit; a term that is absent was not told. `expected`: how
    many leaf units beneath (or being) this unit owe the measure on the period's last day.
    """
    return _published(_assembled(measure, parts, expected=expected, unit=unit, period=period))


def _published(result: Result) -> Result:
    """The result without figures that would tell of single persons, where its measure asks so.

    What is put together of a part that is not published is not published either: the part could
    be reckoned from the whole. What the neighbours would tell is `discretion.py`'s.
    """
    least = result.definition.small_below if result.definition else None
    if least is None and not result.parts:
        return result
    parts = tuple(_published(part) for part in result.parts)
    told = replace(result, parts=parts) if parts else result
    above, below = result.numerator, result.denominator
    if least is not None and above is not None and below is not None:
        return told.kept_back() if is_small(above, below, least) else told
    return told.kept_back() if any(part.hidden for part in parts) else told


def is_small(above: Decimal, below: Decimal, least: int) -> bool:
    """Whether a count is above nought and below `least`: the numerator, what is missing from it to
    the denominator, or the denominator."""
    return any(0 < count < least for count in (above, below - above, below))


def _assembled(
    measure: Measure,
    parts: Mapping[str, Parts],
    *,
    expected: int,
    unit: str,
    period: Period,
) -> Result:
    if measure.kind == "combined":
        return _combined(measure, parts, expected=expected, unit=unit, period=period)
    told = parts.get(measure.slug, NOTHING)
    numerator, denominator, value = _divided(measure, told, expected)
    beside: tuple[Result, ...] = ()
    if measure.beside:
        beside = tuple(
            _assembled(other, parts, expected=expected, unit=unit, period=period)
            for other in measure.beside
        )
    return Result(
        measure=measure.slug,
        unit=unit,
        period=period,
        numerator=numerator,
        denominator=denominator,
        value=value,
        counted=told.counted,
        heard=told.heard,
        expected=expected,
        parts=beside,
        missing=() if value is not None else (measure.slug,),
        definition=measure,
        mark=_mark(measure, told) if value is not None else None,
    )


def _mark(measure: Measure, told: Parts) -> Mark | None:
    """A published number alone bears a mark; UNSAID where its series has marks, none was told."""
    is_marked = measure.kind == "level" and measure.denominator is not None
    return mark_of(told.denominator) if is_marked else None


_Divided = tuple[Decimal | None, Decimal | None, Fraction | None]


def _divided(measure: Measure, told: Parts, expected: int) -> _Divided:
    if told.counted <= 0:
        return None, None, None
    if measure.kind == "level":
        alone = told.counted == 1
        return (told.numerator, None, Fraction(told.numerator)) if alone else (None, None, None)
    if measure.kind == "milestone":
        return told.numerator, told.denominator, Fraction(int(told.numerator >= 1))
    whole = Decimal(expected) if measure.kind == "share_of_units" else told.denominator
    return told.numerator, whole, quotient(told.numerator, whole, measure.scale)


def quotient(numerator: Decimal, denominator: Decimal, scale: int) -> Fraction | None:
    """numerator × scale ÷ denominator, exactly; None when there is nothing to divide by."""
    if denominator == 0:
        return None
    above, of_above = numerator.as_integer_ratio()
    below, of_below = denominator.as_integer_ratio()
    return Fraction(above * scale * of_below, of_above * below)


def _combined(
    measure: Measure, parts: Mapping[str, Parts], *, expected: int, unit: str, period: Period
) -> Result:
    results = tuple(
        _assembled(part.measure, parts, expected=expected, unit=unit, period=period)
        for part in measure.parts
    )
    settle = _logical if measure.is_logical else _arithmetical
    numerator, denominator, value = settle(measure, results)
    of_parts = max if measure.is_logical else min
    return Result(
        measure=measure.slug,
        unit=unit,
        period=period,
        numerator=numerator,
        denominator=denominator,
        value=value,
        counted=of_parts(result.counted for result in results),
        heard=of_parts(result.heard for result in results),
        expected=expected,
        parts=results,
        missing=tuple(r.measure for r in results if r.value is None),
        definition=measure,
    )


def _logical(measure: Measure, results: tuple[Result, ...]) -> _Divided:
    """all / any over three values: reached, not reached, not known."""
    known = [
        result.value >= (1 if part.reaches is None else Fraction(part.reaches))
        for part, result in zip(measure.parts, results, strict=True)
        if result.value is not None
    ]
    settling = measure.how == "any"  # the answer that settles it whatever the others say
    if settling in known:
        answer = settling
    elif len(known) < len(results):
        return None, None, None
    else:
        answer = not settling
    return Decimal(sum(known)), Decimal(len(results)), Fraction(int(answer))


def _arithmetical(measure: Measure, results: tuple[Result, ...]) -> _Divided:
    values = [
        part.score(result.value)
        for part, result in zip(measure.parts, results, strict=True)
        if result.value is not None
    ]
    if len(values) < len(results):
        return None, None, None
    if measure.how == "min":
        least = min(results, key=lambda r: r.value if r.value is not None else 0)
        return least.numerator, least.denominator, least.value
    if measure.how == "mean":
        return None, None, sum(values, Fraction(0)) / len(values)
    weights = [Fraction(part.weight or 0) for part in measure.parts]
    total = sum((w * v for w, v in zip(weights, values, strict=True)), Fraction(0))
    return None, None, total
