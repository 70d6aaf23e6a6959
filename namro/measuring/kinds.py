"""What is measured and how, as plain frozen values: elements, datasets, the five kinds of measures.

A measure (cách đo) is data, never an expression. Whatever its kind, it rests on additive *terms*:
only the parts of a term (numerator, denominator, units counted and heard) travel up the tree of
units, and they are divided, compared and combined last (`assembly.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Literal

from namro.measuring.datasets import Column as Column
from namro.measuring.datasets import Dataset as Dataset
from namro.measuring.datasets import Time as Time
from namro.measuring.datasets import Version as Version
from namro.measuring.suggestions import likeness, rarity
from namro.terms import Calendar

Side = Literal["numerator", "denominator"]
Kind = Literal["ratio", "level", "milestone", "share_of_units", "combined"]
Over = Literal["period", "latest", "year_to_date"]
How = Literal["min", "mean", "weighted", "all", "any"]
Frequency = Literal["month", "quarter", "half", "year"]
Test = Literal["is", "one_of", "at_least", "at_most", "not", "present"]
Value = str | Decimal | date | bool

FOREVER = 1200
"""Months a date stays valid: its own validity is told by the dates themselves."""


@dataclass(frozen=True)
class Element:
    """One figure that a unit reports (số liệu phải báo).

    `time`: a stock is the state at the end of a period, a flow what happened during it.
    `kind` "date" is stored as the whole number YYYYMMDD; 0 says "not yet" (or "without end").
    `carry`: months a stock's latest value stays valid. `at_most`: the element it is a part of.
    `recorded_as`: the count of records that must say the same ("dossiers?channel=online").
    `marked_by`: the element that says how final its figure is (`marks.py`); kind "mark" is that.
    `nothing`: "không phát sinh" is an answer: nothing happened, which counts as 0 and is no blank.
    """

    slug: str
    title: str
    unit_of_measure: str
    time: Time
    kind: Literal["number", "date", "mark"] = "number"
    digits: int = 0
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    at_most: str | None = None
    carry: int = 0
    evidence: bool = False
    note: str | None = None
    recorded_as: str | None = None
    marked_by: str | None = None
    nothing: bool = False


@dataclass(frozen=True)
class Condition:
    """One condition on a column. A row whose column is empty meets only "present = false"."""

    column: str
    test: Test
    values: tuple[Value, ...]

    @property
    def slug(self) -> str:
        told = "|".join(str(v) for v in self.values)
        if self.test == "present":
            return f"{self.column}{'=' if self.values[0] else '!='}*"
        signs = {"is": "=", "one_of": "=", "at_least": ">=", "at_most": "<=", "not": "!="}
        return f"{self.column}{signs[self.test]}{told}"


@dataclass(frozen=True)
class Count:
    """The number of records of a dataset that meet all conditions (đếm bản ghi)."""

    dataset: str
    where: tuple[Condition, ...]
    title: str
    unit_of_measure: str
    time: Time = "flow"
    carry: int = 0
    digits: int = 0

    @cached_property
    def slug(self) -> str:
        """Canonical: "dossiers" or "dossiers?channel=online&resolved_on=*"."""
        told = "&".join(sorted(c.slug for c in self.where))
        return f"{self.dataset}?{told}" if told else self.dataset


Item = Element | Count


@dataclass(frozen=True)
class Source:
    """Where one side of a ratio comes from: elements or counts, summed."""

    items: tuple[Item, ...]

    @property
    def slug(self) -> str:
        return "+".join(item.slug for item in self.items)

    @property
    def slugs(self) -> tuple[str, ...]:
        return tuple(item.slug for item in self.items)

    @property
    def title(self) -> str:
        return " + ".join(item.title for item in self.items)

    @property
    def unit_of_measure(self) -> str:
        return self.items[0].unit_of_measure

    @property
    def digits(self) -> int:
        return max(item.digits for item in self.items)


@dataclass(frozen=True)
class Choice:
    """A choice that changes the figure, said aloud (điều phải xác định rõ)."""

    question: str
    chosen: str
    others: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Example:
    """A worked example. Tables are ASCII: a head line, cells parted by "|".

    `reported`: unit | period | one column per element. `records`: dataset → its rows, with unit and
    the dataset's own columns. `silent`: units that owe the measure and said nothing. All units lie
    under "p". `expect`: unit → "numerator/denominator", a number (level; "6.1 sơ bộ" with its
    mark), "đạt", "chưa đạt" or "-".
    """

    says: str
    period: str
    expect: Mapping[str, str]
    reported: str | None = None
    records: Mapping[str, str] = field(default_factory=dict)
    silent: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """A step of a score (thang điểm): from `reaches` on, the part gives `gives`."""

    reaches: Decimal
    gives: Decimal


@dataclass(frozen=True)
class Part:
    """One part of a combined measure. `reaches`: what a number must reach in "all" and "any".

    In "weighted", `steps` turn the part's own value into a score: that of the highest step it
    reaches, 0 below the first; `full_at` gives value ÷ full_at, at most 1 and at least 0.
    """

    name: str
    measure: Measure
    weight: Decimal | None = None
    reaches: Decimal | None = None
    steps: tuple[Step, ...] = ()
    full_at: Decimal | None = None

    @property
    def is_scored(self) -> bool:
        return bool(self.steps) or self.full_at is not None

    def score(self, value: Fraction) -> Fraction:
        """What the part's value is worth in the whole, before its weight."""
        if self.full_at is not None:
            return min(max(value / Fraction(self.full_at), Fraction(0)), Fraction(1))
        if not self.steps:
            return value
        gained = [s.gives for s in self.steps if value >= Fraction(s.reaches)]
        return Fraction(gained[-1]) if gained else Fraction(0)


@dataclass(frozen=True)
class Measure:
    """How one target is measured (cách đo).

    `small_below`: counts under it are not published, so that nobody is made out.
    `weighted`: the numerator is a rate (%) that is weighed by the denominator, exactly.
    `numerator` is also a level's published number and a milestone's valid-from date, `denominator`
    a milestone's valid-until date and a level's mark, if it has one. `of` with `at_least` is what
    each unit must reach in a share of units. `beside` are series shown next to a level and never
    mixed with it.
    `scope` names the kinds of units that report; "PROVINCE" means one unit supplies the figure for
    the whole province, usually `supplier`. `parts` and `of` are measures of their own, slug
    "outer/name".
    """

    slug: str
    title: str
    kind: Kind
    unit_of_measure: str
    digits: int
    scope: tuple[str, ...]
    over: Over
    frequency: Frequency
    calendar: Calendar = Calendar.ADMINISTRATIVE
    numerator: Source | None = None
    denominator: Source | None = None
    of: Measure | None = None
    at_least: Decimal | None = None
    how: How | None = None
    parts: tuple[Part, ...] = ()
    beside: tuple[Measure, ...] = ()
    supplier: str | None = None
    weighted: bool = False
    small_below: int | None = None
    choices: tuple[Choice, ...] = ()
    wording: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    text: str = ""
    hash: str = ""
    file: str = ""

    @property
    def scale(self) -> int:
        """What a plain quotient is multiplied by to stand in the unit of measure: 100 for %."""
        return 100 if self.unit_of_measure.startswith("%") else 1

    @property
    def is_logical(self) -> bool:
        """True when the value is yes (1) or no (0): a milestone, or all / any of conditions."""
        return self.kind == "milestone" or self.how in ("all", "any")


@dataclass(frozen=True)
class Term:
    """The additive part of a measure: what is computed at each leaf unit and summed upward.

    `kind` is ratio, level, milestone or share_of_units; in a share of units `inner` says what each
    unit is judged on, and `at_least` the least it must reach (exact, in percent for a ratio).
    `frequency`: how often the measure must be reported, so which report is due by when.
    """

    slug: str
    measure: str
    kind: Kind
    numerator: Source
    denominator: Source | None
    over: Over
    scope: tuple[str, ...]
    frequency: Frequency
    calendar: Calendar
    inner: Literal["ratio", "milestone"] | None = None
    at_least: Decimal | None = None
    scale: int = 1
    weighted: bool = False

    @property
    def rule(self) -> Kind:
        """The kind that decides at the leaf: a share of units is decided by its inner kind."""
        return self.inner or self.kind

    @property
    def is_additive(self) -> bool:
        """Whether two units' parts may be added at the leaf: not a published number nor a date."""
        return self.rule not in ("level", "milestone")

    @property
    def pools(self) -> bool:
        """Whether the parts are plain sums above the leaf too, judged by nobody on the way."""
        return self.kind == "ratio"

    @cached_property
    def needed(self) -> tuple[Item, ...]:
        """Items without which a leaf is left out; a milestone's end, a level's mark are none."""
        pair = self.denominator if self.rule not in ("milestone", "level") else None
        return self.numerator.items + (pair.items if pair else ())

    @cached_property
    def items(self) -> tuple[Item, ...]:
        return self.numerator.items + (self.denominator.items if self.denominator else ())

    @cached_property
    def sides(self) -> tuple[tuple[Side, str], ...]:
        """Each item's slug with the side it stands on."""
        below = self.denominator.slugs if self.denominator else ()
        return (
            *(("numerator", slug) for slug in self.numerator.slugs),
            *(("denominator", slug) for slug in below),
        )


def terms_of(measure: Measure) -> tuple[Term, ...]:
    """The additive terms of a measure, its own first, slugs unique within the library."""
    return tuple(_terms(measure, measure.slug))


def _terms(measure: Measure, root: str) -> Iterator[Term]:
    if measure.kind == "combined":
        for part in measure.parts:
            yield from _terms(part.measure, root)
        return
    inner = measure.of or measure
    assert inner.numerator is not None  # checked when the definition was loaded
    yield Term(
        slug=measure.slug,
        measure=root,
        kind=measure.kind,
        numerator=inner.numerator,
        denominator=inner.denominator,
        over=inner.over,
        scope=measure.scope,
        frequency=measure.frequency,
        calendar=measure.calendar,
        inner="milestone" if inner.kind == "milestone" else "ratio" if measure.of else None,
        at_least=measure.at_least,
        scale=inner.scale,
        weighted=inner.weighted,
    )
    for other in measure.beside:
        yield from _terms(other, root)


def elements_of(measure: Measure) -> tuple[Element, ...]:
    """The elements that a unit must report for the measure, each once: a whole before its part,

    a published number before its mark.
    """
    found: dict[str, Element] = {}
    for term in terms_of(measure):
        sides = (term.denominator, term.numerator)
        for source in reversed(sides) if term.kind == "level" else sides:
            for item in source.items if source else ():
                if isinstance(item, Element):
                    found.setdefault(item.slug, item)
    return tuple(found.values())


@dataclass(frozen=True, eq=False)
class Library:
    """All definitions by slug, in the order of the files (thư viện cách đo).

    One is equal to itself only: what follows from its definitions can be kept by it.
    """

    measures: Mapping[str, Measure]
    elements: Mapping[str, Element]
    datasets: Mapping[str, Dataset]

    @cached_property
    def terms(self) -> Mapping[str, Term]:
        return {t.slug: t for m in self.measures.values() for t in terms_of(m)}

    @cached_property
    def terms_by_source(self) -> Mapping[str, tuple[Term, ...]]:
        """Element slug or count slug → the terms that rest on it."""
        found: dict[str, dict[str, Term]] = {}
        for term in self.terms.values():
            for item in term.items:
                found.setdefault(item.slug, {})[term.slug] = term
        return {slug: tuple(terms.values()) for slug, terms in found.items()}

    @cached_property
    def _counts(self) -> Mapping[str, Count]:
        items = (i for t in self.terms.values() for i in t.items)
        return {i.slug: i for i in items if isinstance(i, Count)}

    def counts_of(self, dataset: str) -> tuple[Count, ...]:
        """All counts that some measure makes over the dataset: what a new slice must tally."""
        return tuple(c for c in self._counts.values() if c.dataset == dataset)

    def suggest(self, sentence: str) -> list[tuple[str, float]]:
        """Measures that a target's sentence may mean: (slug, likeness 0–1), likeliest first."""
        texts = {m.slug: (m.title, *m.wording) for m in self.measures.values()}
        weight = rarity(texts)
        scored = [(slug, likeness(sentence, told, weight)) for slug, told in texts.items()]
        return sorted((s for s in scored if s[1] >= 0.12), key=lambda s: (-s[1], s[0]))
