"""What became of the units of before 2025: communes on 1 July 2025, departments on 1 March 2025.

`communes.txt` is made by `python -m namro.reading.territory` and says where it comes from;
`bodies.txt` lists departments, ministries and Party bodies by hand, with the source of each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from namro.vietnamese import fold

COMMUNES_ON = date(2025, 7, 1)
BODIES_ON = date(2025, 3, 1)
_KINDS = r"(?:xa|phuong|thi tran|dac khu)"
_HIGHER = r"(?:huyen|quan|thi xa|thanh pho|tinh)"
_OFFICE = re.compile(r"^(?:ubnd|hdnd|uy ban nhan dan|hoi dong nhan dan|dang uy|cong an)\s+")


@dataclass(frozen=True)
class Successor:
    """The unit that took over (đơn vị kế tục). `code` is the official five-digit code of a
    commune, None for a body without one; `wholly` is False where the old one was divided and
    several took over."""

    name: str
    since: date
    code: str | None = None
    wholly: bool = True


def successors(name: str, province: str | None = None) -> tuple[Successor, ...]:
    """Who took over from a unit that no longer exists, the main one first; () for one that does
    or is not known.

    `name` as written: "xã Mù Cả", "UBND huyện Mường Tè", "Sở Thông tin và Truyền thông". A commune
    is looked for in `province` (the old or the new one, "Lai Châu"); without a province only where
    its name stood once in the country. A former district gives all communes of its land.

    >>> [s.name for s in successors("Sở Kế hoạch và Đầu tư tỉnh Lai Châu")]
    ['Sở Tài chính']
    >>> [(s.code, s.name) for s in successors("Xã Thèn Sin", "Lai Châu")]
    [('03394', 'Xã Sin Suối Hồ')]
    """
    office = _OFFICE.match(fold(name))
    bare = " ".join(name.split()[len(office[0].split()) :]) if office else name
    key = fold(bare)
    if re.match(rf"{_KINDS}\s", key):
        return _of_commune(key, province)
    if re.match(r"(?:huyen|quan|thi xa|thanh pho)\s", key):
        return _of_district(key, province)
    return _of_body(fold(name))


def is_commune_today(name: str, province: str | None = None) -> bool:
    """Whether a commune of this name stands since 1 July 2025 (in the province, if given)."""
    found = _territory().today.get(_commune_key(fold(name)), ())
    wanted = _province_key(province)
    return any(wanted is None or wanted == home for home, _ in found)


def _of_commune(key: str, province: str | None) -> tuple[Successor, ...]:
    key, _, tail = key.partition(",")
    wanted = _province_key(province or tail or None)
    homes = _territory().before.get(_commune_key(key), ())
    found = [codes for old, new, _, codes in homes if wanted in (None, old, new)]
    if len(found) != 1:
        return ()
    codes = found[0]
    if len(codes) == 1 and _same_commune(key, codes[0]):
        return ()
    return tuple(_commune(code, wholly=len(codes) == 1) for code in codes)


def _of_district(key: str, province: str | None) -> tuple[Successor, ...]:
    key, _, tail = key.partition(",")
    wanted = _province_key(province or tail or None)
    homes = _territory().districts.get(key.strip(), ())
    found = [codes for old, new, codes in homes if wanted in (None, old, new)]
    if len(found) != 1:
        return ()
    return tuple(_commune(code, wholly=False) for code in found[0])


def _same_commune(key: str, code: str) -> bool:
    """Whether the commune of today bears the old name ("Xã Mù Cả" stayed "Xã Mù Cả")."""
    return fold(_territory().names[code]) == _commune_key(key)


def _commune(code: str, *, wholly: bool) -> Successor:
    return Successor(_territory().names[code], COMMUNES_ON, code, wholly)


def _commune_key(key: str) -> str:
    return re.sub(rf"\s+(?:thuoc\s+)?{_HIGHER}\s.*$", "", key).strip(" .,;")


def _province_key(province: str | None) -> str | None:
    if not province:
        return None
    return re.sub(r"^(?:tinh|thanh pho|tp\.?)\s+", "", fold(province).strip(" .,;")) or None


@dataclass(frozen=True)
class _Territory:
    names: dict[str, str]
    today: dict[str, tuple[tuple[str, str], ...]]
    before: dict[str, tuple[tuple[str, str, str, tuple[str, ...]], ...]]
    districts: dict[str, tuple[tuple[str, str, tuple[str, ...]], ...]]


@lru_cache(maxsize=1)
def _territory() -> _Territory:
    """communes.txt: "+ province", its communes of today; "= old province / district / province
    of today", its communes of before with the codes of those that took over."""
    names: dict[str, str] = {}
    today: dict[str, tuple[tuple[str, str], ...]] = {}
    before: dict[str, tuple[tuple[str, str, str, tuple[str, ...]], ...]] = {}
    districts: dict[str, tuple[tuple[str, str, tuple[str, ...]], ...]] = {}
    old = new = district = ""
    for line in _lines("communes.txt"):
        if line.startswith("+ "):
            new, district = _province_key(line[2:]) or "", ""
        elif line.startswith("= "):
            old, district, new = (part.strip() for part in line[2:].split("/"))
            old, new = _province_key(old) or "", _province_key(new) or ""
            district = fold(district)
        elif district:
            name, codes = line.rsplit(" ", 1)
            _add(before, fold(name), (old, new, district, tuple(codes.split(","))))
        else:
            code, name = line.split(" ", 1)
            names[code] = name
            _add(today, fold(name), (new, code))
    for homes in before.values():
        for old, new, district, home_codes in homes:
            _join(districts, district, old, new, home_codes)
    return _Territory(names, today, before, districts)


def _add(where: dict[str, tuple[Any, ...]], key: str, value: Any) -> None:
    where[key] = (*where.get(key, ()), value)


def _join(
    districts: dict[str, tuple[tuple[str, str, tuple[str, ...]], ...]],
    district: str,
    old: str,
    new: str,
    codes: tuple[str, ...],
) -> None:
    others = [home for home in districts.get(district, ()) if home[:2] != (old, new)]
    mine = next((home[2] for home in districts.get(district, ()) if home[:2] == (old, new)), ())
    whole = tuple(sorted({*mine, *codes}))
    districts[district] = (*others, (old, new, whole))


def _of_body(key: str) -> tuple[Successor, ...]:
    for old, names in _bodies():
        if re.match(rf"{old}(?:$|\s+(?:tinh|thanh pho|tp)\b|,)", key):
            return tuple(Successor(n, BODIES_ON, wholly=len(names) == 1) for n in names)
    return ()


@lru_cache(maxsize=1)
def _bodies() -> tuple[tuple[str, tuple[str, ...]], ...]:
    pairs = (line.split(" → ") for line in _lines("bodies.txt"))
    found = [(re.escape(fold(old)), tuple(n.strip() for n in new.split(";"))) for old, new in pairs]
    return tuple(sorted(found, key=lambda pair: -len(pair[0])))


def _lines(name: str) -> list[str]:
    text = files("namro.reading.territory").joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
