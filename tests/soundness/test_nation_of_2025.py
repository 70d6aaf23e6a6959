"""Vietnam's reorganisation of 1 July 2025: 10,035 communes of 63 provinces became 3,321 of 34.

The mapping comes with the reading room (communes.txt, from vietnamadminunits, MIT); the figures
are made up. The oracle is a plain sum over the mapping.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from namro.measuring import Tables, in_memory, load, measure
from namro.terms import Period

SOURCE = Path(__file__).parents[2] / "namro" / "reading" / "territory" / "communes.txt"
JULY = date(2025, 7, 1)
CADRES, TRAINED = "commune-cadres", "commune-cadres-trained"
SLUG = "nq57.commune-cadres-trained"
LIBRARY = load()


@dataclass
class Nation:
    """Old communes with their old province and heirs; new communes with their province."""

    old: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    new: dict[str, str] = field(default_factory=dict)

    def told(self, unit: str) -> tuple[int, int]:
        """What an old commune reported: of how many cadres how many were trained."""
        number = sum(unit.encode()) % 50 + 10
        return number, number // 3

    def keeper(self, unit: str) -> set[str]:
        """The new provinces in which what an old commune told is still counted."""
        return {self.new[code] for code in self.old[unit][1]}


def _nation() -> Nation:
    found, province, head = Nation(), "", ""
    for line in SOURCE.read_text(encoding="utf-8").splitlines():
        if line.startswith("+ "):
            province, head = line[2:], ""
        elif line.startswith("= "):
            head = line[2:]
        elif head:
            *name, last = line.split()
            codes = last.split(",")
            key = f"{head} / {' '.join(name)}"
            old_province = "cũ " + head.split(" / ")[0]
            if key in found.old:
                key += " (2)"
            found.old[key] = (old_province, tuple(codes))
        elif line[:5].isdigit():
            found.new[line[:5]] = province
    return found


def _pairs(unit: str, above: list[str], since: date, until: date | None) -> list[dict]:
    return [
        {"unit": unit, "ancestor": a, "tree": "G", "from_on": since, "to_on": until} for a in above
    ]


def _store(nation: Nation) -> Tables:
    always, above, owed, gave, said = date(2000, 1, 1), [], [], [], []
    for unit, (province, heirs) in nation.old.items():
        above += _pairs(unit, [unit, province, "VN"], always, JULY)
        owed.append({"measure": SLUG, "unit": unit, "from_on": always, "to_on": JULY})
        gave += [{"unit": unit, "heir": heir, "from_on": JULY} for heir in heirs]
        for element, value in zip((CADRES, TRAINED), nation.told(unit), strict=True):
            said.append(_row(len(said) + 1, element, unit, value))
    for unit, province in nation.new.items():
        above += _pairs(unit, [unit, province, "VN"], JULY, None)
        owed.append({"measure": SLUG, "unit": unit, "from_on": JULY, "to_on": None})
    rows = {
        "units": [], "unit_ancestors": above, "expected": owed, "successions": gave,
        "observations": said,
    }  # fmt: skip
    return in_memory(rows)


def _row(number: int, element: str, unit: str, value: int) -> dict:
    amount = Decimal(value)
    return {
        "id": number, "element": element, "unit": unit, "period": "202506", "value": amount,
        "delta": amount, "dn": 1, "recorded_at": datetime(2025, 7, 1),
    }  # fmt: skip


@pytest.fixture(scope="module")
def nation() -> Nation:
    return _nation()


@pytest.fixture(scope="module")
def figures(nation: Nation) -> dict[str, dict[str, tuple]]:
    """By the tree of June and by that of the year's end: unit → its sums, counted, expected."""
    one, june = LIBRARY.measures[SLUG], Period.of("202506")
    with _store(nation) as tables:
        return {
            name: {
                r.unit: (r.denominator, r.numerator, r.counted, r.expected)
                for r in measure([one], tables, period=june, tree_on=day)
            }
            for name, day in (("then", None), ("now", date(2025, 12, 31)))
        }


def test_nation_is_read_whole(nation: Nation) -> None:
    assert len(nation.new) == 3321 and len(set(nation.new.values())) == 34
    assert len(nation.old) > 10_000


def test_june_is_what_it_was_under_the_tree_of_june(nation: Nation, figures) -> None:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for unit, (province, _) in nation.old.items():
        whole, part = nation.told(unit)
        for place in (unit, province, "VN"):
            sums[place] = [a + b for a, b in zip(sums[place], (whole, part, 1), strict=True)]

    assert figures["then"] == {unit: (*told, told[2]) for unit, told in sums.items()}


def test_june_is_asked_of_the_new_provinces_and_nothing_is_lost(nation: Nation, figures) -> None:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for unit in nation.old:
        told = nation.told(unit)
        places = nation.keeper(unit)
        for place in (*(places if len(places) == 1 else ()), "VN"):
            sums[place] = [a + b for a, b in zip(sums[place], told, strict=True)]
    provinces = set(nation.new.values())

    assert {u for u in figures["now"] if u in provinces} == provinces
    assert {u: list(figures["now"][u][:2]) for u in (*provinces, "VN")} == sums


def test_merged_commune_has_the_sum_of_its_communes(nation: Nation, figures) -> None:
    whole: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for unit, (_, heirs) in nation.old.items():
        if len(heirs) == 1:
            whole[heirs[0]] = [
                a + b for a, b in zip(whole[heirs[0]], nation.told(unit), strict=True)
            ]

    assert len(whole) > 2500
    for code, told in whole.items():
        assert list(figures["now"][code][:2]) == told


def test_province_of_communes_merged_whole_only_is_the_sum_of_them(figures, nation) -> None:
    """Lai Châu: 106 communes became 38."""
    lai_chau = next(p for p in nation.new.values() if "Lai Châu" in p)
    assert sum(p == lai_chau for p in nation.new.values()) == 38
    assert figures["now"][lai_chau][3] == 38
