"""Writes communes.txt from the data of the package vietnamadminunits (MIT), unpacked somewhere:

    pip download --no-deps vietnamadminunits==1.0.4 && unzip vietnamadminunits-*.whl
    python -m namro.reading.territory vietnamadminunits/data namro/reading/territory/communes.txt

The product never needs the package itself.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_HEAD = """\
# Communes of Vietnam before and since 1 July 2025, made by `python -m namro.reading.territory`
# from vietnamadminunits 1.0.4 (https://github.com/tranngocminhhieu/vietnamadminunits),
# Copyright (c) 2025 Tran Ngoc Minh Hieu, MIT License:
# Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
# associated documentation files (the "Software"), to deal in the Software without restriction,
# including without limitation the rights to use, copy, modify, merge, publish, distribute,
# sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
# furnished to do so, subject to the following conditions: The above copyright notice and this
# permission notice shall be included in all copies or substantial portions of the Software.
# THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
# NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
# NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
# DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT
# OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
# "+ province": its communes of today. "= old province / district / province of today": its
# communes of before, with the codes of those that took over (the main one first).
"""

Key = tuple[str, str, str]


def main(data: Path, out: Path) -> None:
    """Write the file; raises OSError or sqlite3.Error where the data are not as expected."""
    with sqlite3.connect(data / "dataset.db") as store:
        today = list(store.execute(_TODAY))
        before = list(store.execute(_BEFORE))
    changes = json.loads((data / "converter_2025.json").read_text(encoding="utf-8"))
    out.write_text(_HEAD + "\n".join(_lines(today, before, changes)) + "\n", encoding="utf-8")


_TODAY = "select province, provinceKey, wardCode, ward, wardKey from admin_units order by wardCode"
_BEFORE = (
    "select province, district, ward, provinceKey, districtKey, wardKey from admin_units_legacy "
    "where ward is not null order by provinceCode, districtCode, wardCode"
)


def _lines(today: list[Any], before: list[Any], changes: dict[str, Any]) -> Iterator[str]:
    provinces: dict[str, list[str]] = defaultdict(list)
    codes: dict[tuple[str, str], str] = {}
    names: dict[str, str] = {}
    for province, key, code, ward, ward_key in today:
        provinces[province].append(f"{code} {ward}")
        codes[key, ward_key], names[key] = code, province
    for province, communes in provinces.items():
        yield f"+ {province}"
        yield from communes
    home = {old: new for new, olds in changes["DICT_PROVINCE"].items() for old in olds}
    became = _became(changes, codes)
    here = ""
    for province, district, ward, *keys in before:
        found = became.get((keys[0], keys[1], keys[2]))
        if not found:
            continue
        head = f"= {province} / {district} / {names[home[keys[0]]]}"
        if head != here:
            yield head
            here = head
        yield f"{ward} {','.join(found)}"


def _became(changes: dict[str, Any], codes: dict[tuple[str, str], str]) -> dict[Key, list[str]]:
    """Old (province, district, commune) → codes of today, the main one first."""
    found: dict[Key, list[str]] = {}
    for province, communes in changes["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for new, olds in communes.items():
            for old in olds:
                found.setdefault(_key(old), []).append(codes[province, new])
    for province, divided in changes["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old, parts in divided.items():
            parts = sorted(parts, key=lambda part: not part["isDefaultNewWard"])
            found[_key(old)] = [codes[province, part["newWardKey"]] for part in parts]
    return found


def _key(old: str) -> Key:
    province, district, ward = old.split("_")
    return province, district, ward


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
