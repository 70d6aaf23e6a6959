"""What passes the door counts every person once, in every month and at every unit above."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from namro.measuring.doubles import Slice, doubles, in_force, together
from namro.measuring.kinds import Column, Dataset
from namro.terms import Calendar, Period

JANUARY = Period.of("202501").first
CARRY = 3


def dataset(time: str) -> Dataset:
    return Dataset(
        slug="staff", title="Cán bộ", key="person", unit="unit", date="on",
        calendar=Calendar.ADMINISTRATIVE, hashed=("person",), once=True, unit_of_measure="người",
        columns={"person": Column("Người", "text", required=True)},
        time=time, carry=CARRY if time == "stock" else 0,
    )  # fmt: skip


sendings = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.integers(JANUARY, JANUARY + 14),
        st.frozensets(st.integers(0, 5), min_size=1, max_size=3),
    ),
    max_size=10,
)


def carried(told: dict, month: int) -> list[frozenset[int]]:
    """The referee: of each unit the newest register up to a month, unless it is too old."""
    found = []
    for unit in {u for u, _ in told}:
        ends = [end for u, end in told if u == unit and end <= month]
        if ends and month - max(ends) <= CARRY:
            found.append(told[unit, max(ends)])
    return found


def of_a_year(told: dict, year: int) -> list[frozenset[int]]:
    return [people for (_, month), people in told.items() if month // 12 == year]


def counted_twice(told: dict, time: str) -> bool:
    span = range(JANUARY - 1, JANUARY + 20)
    groups = (
        [carried(told, m) for m in span]
        if time == "stock"
        else [of_a_year(told, y) for y in {m // 12 for m in span}]
    )
    return any(sum(map(len, g)) != len(frozenset().union(*g)) for g in groups)


@pytest.mark.parametrize("time", ["stock", "flow"])
@given(sent=sendings)
def test_a_file_is_refused_just_when_somebody_would_be_counted_twice(time, sent):
    kind, told = dataset(time), {}
    for unit, month, people in sent:
        asked = {**told, (unit, month): people}
        slices = {(u, m): Slice("b", u, Period(m, 1)) for u, m in asked}
        force = in_force(kind, slices.values())
        new = slices[unit, month]
        refused = any(
            together(kind, new, other, force) and asked[place] & people
            for place, other in slices.items()
            if other != new
        )
        assert refused == counted_twice(asked, time)
        if not refused:
            told = asked


@pytest.mark.parametrize("time", ["stock", "flow"])
@settings(max_examples=15, deadline=None)
@given(sent=sendings)
def test_the_files_themselves_are_compared_by_the_same_rule(time, sent):
    kind = dataset(time)
    with tempfile.TemporaryDirectory() as folder:
        room, standing, people_of = Path(folder), {}, {}
        for number, (unit, month, people) in enumerate(sent):
            new = Slice(f"b{number}", unit, Period(month, 1))
            others = {s: p for s, p in standing.items() if (s.unit, s.period) != (unit, new.period)}
            force = in_force(kind, [*others, new])
            right = sorted(
                line
                for line, person in enumerate(sorted(people), start=2)
                if any(person in people_of[s] and together(kind, new, s, force) for s in others)
            )
            path = write(room, new, people)
            found = list(doubles(path, [Slice("", unit, new.period)], others, kind, room=room))
            assert [line for line, _, _ in found] == right
            if not right:
                standing, people_of[new] = {**others, new: path}, people


def write(room: Path, one: Slice, people: frozenset[int]) -> Path:
    keys = [str(p) for p in sorted(people)]
    lines = list(range(2, len(keys) + 2))
    columns = {"batch": [one.batch] * len(keys), "unit": [one.unit] * len(keys), "row": lines}
    path = room / f"{one.batch}.parquet"
    pq.write_table(pa.table({**columns, "person": keys}), path)
    return path


def test_what_a_unit_left_may_be_told_anew_by_who_took_it_over(tmp_path):
    kind = dataset("stock")
    old, new = Slice("b0", "a", Period(JANUARY, 1)), Slice("b1", "b", Period(JANUARY + 1, 1))
    standing = {old: write(tmp_path, old, frozenset([1, 2]))}
    path = write(tmp_path, new, frozenset([2, 3]))
    coming = [Slice("", "b", new.period)]

    assert list(doubles(path, coming, standing, kind, room=tmp_path)) == [(2, "a", "202501")]
    told = doubles(path, coming, standing, kind, heirs={"a": frozenset("b")}, room=tmp_path)
    assert list(told) == []
