"""One TOML table → one Measure, with its inner measures; references to others are followed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args

from namro.measuring.checks import check_measure
from namro.measuring.conditions import read_conditions
from namro.measuring.keys import REQUIRED, FaultyDefinition, Keys, meant
from namro.measuring.kinds import (
    Choice,
    Count,
    Dataset,
    Element,
    Example,
    Frequency,
    How,
    Item,
    Kind,
    Measure,
    Over,
    Part,
    Source,
    Step,
)
from namro.terms import Calendar, Period

_CALENDARS = tuple(c.value for c in Calendar)
_UNSAID: Mapping[str, Any] = {
    "unit_of_measure": "%",
    "digits": 1,
    "calendar": Calendar.ADMINISTRATIVE.value,
}
"""What a measure means where it says nothing; an inner one takes it from the outer one instead."""


@dataclass(frozen=True)
class Draft:
    """A measure's file as read, before its parts are built."""

    file: str
    text: str
    table: Mapping[str, Any]


class Builder:
    """Builds measures out of drafts. Raises FaultyDefinition for whatever is wrong in them."""

    def __init__(
        self,
        elements: Mapping[str, Element],
        datasets: Mapping[str, Dataset],
        drafts: Mapping[str, Draft],
    ) -> None:
        self._elements, self._datasets, self._drafts = elements, datasets, drafts
        self._open: list[str] = []

    def measure(self, slug: str) -> Measure:
        draft = self._drafts[slug]
        keys = Keys(draft.table, draft.file)
        keys.raw("measure")
        self._open = [slug]
        return self._build(keys, slug, None, draft.text)

    def _build(self, keys: Keys, slug: str, outer: Measure | None, text: str = "") -> Measure:
        """A measure, or (with `outer`) an inner one that inherits what it does not say."""
        measure = self._body(keys, _head(keys, slug, outer))
        if outer is None:
            measure = replace(
                measure,
                choices=tuple(_choice(k) for k in keys.tables("choice")),
                wording=keys.texts("wording", ()),
                examples=tuple(_example(k, self._datasets) for k in keys.tables("example")),
                text=text,
                hash=hashlib.sha256(text.encode()).hexdigest(),
                file=keys.file,
            )
        keys.finish()
        check_measure(measure, keys, inner=outer is not None)
        return measure

    def _body(self, keys: Keys, measure: Measure) -> Measure:
        if measure.kind == "ratio" and "rate" in keys:
            rate, weight = self._source(keys, "rate"), self._source(keys, "weight")
            return replace(measure, numerator=rate, denominator=weight, weighted=True)
        if measure.kind == "ratio":
            return replace(
                measure,
                numerator=self._source(keys, "numerator"),
                denominator=self._source(keys, "denominator"),
            )
        if measure.kind == "level":
            return self._level(keys, measure)
        if measure.kind == "milestone":
            until = self._source(keys, "until") if "until" in keys else None
            return replace(measure, numerator=self._source(keys, "from"), denominator=until)
        if measure.kind == "share_of_units":
            inner = Keys(keys.table("of"), keys.file, keys.path("of"))
            of = self._build(inner, f"{measure.slug}/of", measure)
            return replace(measure, of=of, at_least=keys.number("at_least", None))
        parts = tuple(self._part(k, measure) for k in keys.tables("part"))
        return replace(measure, how=keys.one_of("how", get_args(How)), parts=parts)

    def _level(self, keys: Keys, measure: Measure) -> Measure:
        value = self._source(keys, "value")
        marks = [m for item in value.items if (m := getattr(item, "marked_by", None))]
        mark = Source((self._elements[marks[0]],)) if marks else None
        measure = replace(measure, numerator=value, denominator=mark)
        beside = tuple(
            self._build(k, f"{measure.slug}/{k.text('name')}", measure)
            for k in keys.tables("beside")
        )
        return replace(measure, beside=beside)

    def _part(self, keys: Keys, outer: Measure) -> Part:
        name = keys.text("name")
        weight, reaches = keys.number("weight", None), keys.number("reaches", None)
        slug = f"{outer.slug}/{name}"
        steps = tuple(_step(k) for k in keys.tables("step"))
        told = (weight, reaches, steps, keys.number("full_at", None))
        other = keys.text("measure", None)
        if other is None:
            return Part(name, self._build(keys, slug, outer), *told)
        return Part(name, self._referred(keys, other, slug, outer), *told)

    def _referred(self, keys: Keys, other: str, slug: str, outer: Measure) -> Measure:
        """Another measure of the library, taken as a part under the slug of its place here."""
        if other not in self._drafts:
            raise keys.fault(
                "measure",
                f"không có cách đo “{other}” trong thư viện; hãy sửa mã hoặc thêm tệp của cách đo "
                f"ấy.{meant(other, self._drafts)}",
            )
        if other in self._open:
            ring = " → ".join([*self._open, other])
            raise keys.fault(
                "measure",
                f"các cách đo dẫn chiếu vòng quanh: {ring}; hãy bỏ một dẫn chiếu trong vòng ấy.",
            )
        keys.finish()
        draft = self._drafts[other]
        left_out = ("measure", "scope", "frequency", "choice", "wording", "example")
        table = {**_UNSAID, **{k: v for k, v in draft.table.items() if k not in left_out}}
        self._open.append(other)
        measure = self._build(Keys(table, draft.file), slug, outer)
        self._open.pop()
        return measure

    def _source(self, keys: Keys, key: str) -> Source:
        """ "element", ["element", "element"] or { count = "dataset", where = {…}, title = "…" }."""
        told = keys.raw(key)
        if isinstance(told, str | dict):
            told = [told]
        if not isinstance(told, list) or not told:
            raise keys.fault(key, "phải là tên số liệu, danh sách tên, hoặc { count = … }.")
        return Source(tuple(self._item(keys, key, one) for one in told))

    def _item(self, keys: Keys, key: str, told: Any) -> Item:
        if isinstance(told, dict):
            return self._count(Keys(told, keys.file, keys.path(key)))
        if not isinstance(told, str) or told not in self._elements:
            raise keys.fault(
                key,
                f"không có số liệu “{told}” trong elements.toml; hãy sửa tên hoặc khai báo số liệu "
                f"ấy.{meant(told, self._elements)}",
            )
        return self._elements[told]

    def _count(self, keys: Keys) -> Count:
        name = keys.text("count")
        if name not in self._datasets:
            raise keys.fault(
                "count",
                f"không có tập bản ghi “{name}” trong datasets.toml; hãy sửa tên hoặc khai báo tập "
                f"ấy.{meant(name, self._datasets)}",
            )
        dataset = self._datasets[name]
        where = Keys(keys.table("where", {}), keys.file, keys.path("where"))
        count = Count(
            dataset=name,
            where=read_conditions(where, dataset),
            title=keys.text("title", dataset.title),
            unit_of_measure=dataset.unit_of_measure,
            time=dataset.time,
            carry=dataset.carry,
        )
        keys.finish()
        return count


def _head(keys: Keys, slug: str, outer: Measure | None) -> Measure:
    over: Any = outer.over if outer else REQUIRED
    unsaid: dict[str, Any] = {
        key: getattr(outer, key) if outer else v for key, v in _UNSAID.items()
    }
    return Measure(
        slug=slug,
        title=keys.text("title"),
        kind=keys.one_of("kind", get_args(Kind)),
        unit_of_measure=keys.text("unit_of_measure", unsaid["unit_of_measure"]),
        digits=keys.whole("digits", 0, 4, unsaid["digits"]),
        scope=outer.scope if outer else keys.texts("scope"),
        over=keys.one_of("over", get_args(Over), over),
        frequency=outer.frequency if outer else keys.one_of("frequency", get_args(Frequency)),
        calendar=Calendar(keys.one_of("calendar", _CALENDARS, unsaid["calendar"])),
        supplier=None if outer else keys.text("supplier", None),
        small_below=keys.whole("small_below", 2, 100) if "small_below" in keys else None,
    )


def _step(keys: Keys) -> Step:
    step = Step(keys.number("reaches"), keys.number("gives"))
    keys.finish()
    return step


def _choice(keys: Keys) -> Choice:
    choice = Choice(
        question=keys.text("question"),
        chosen=keys.text("chosen"),
        others=keys.texts("others"),
        why=keys.text("why"),
    )
    keys.finish()
    return choice


def _example(keys: Keys, datasets: Mapping[str, Dataset]) -> Example:
    period = keys.text("period")
    try:
        Period.of(period)
    except ValueError as why:
        raise keys.fault("period", str(why)) from why
    example = Example(
        says=keys.text("says"),
        period=period,
        expect=dict(keys.table("expect")),
        reported=keys.text("reported", None),
        records={slug: keys.text(slug) for slug in datasets if slug in keys},
        silent=keys.texts("silent", ()),
    )
    keys.finish()
    return example


__all__ = ["Builder", "Draft", "FaultyDefinition"]
