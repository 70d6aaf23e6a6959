"""Where in a TOML file something stands: the line of a key, for whoever must mend it.

`tomllib` gives values without their places, so the lines are found by a walk over the text that
knows table heads, keys and strings of several lines, and nothing else of TOML.
"""

from __future__ import annotations

import re
from collections import Counter

_HEAD = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*(?:"([^"]+)"|'([^']+)'|([A-Za-z0-9_-]+))\s*=""")
_NAME = re.compile(r'\s*name\s*=\s*"([^"]*)"')
_FENCES = ('"""', "'" * 3)


def line_of(text: str, key: str) -> int:
    """The line (from 1) on which a key stands: "title", "part 2.weight", "visits.columns.day".

    "part 2" is the second [[part]], "part one" that whose name is one. A key that does not stand
    there is looked for in what encloses it; the first line where nothing is found.

    >>> line_of('title = "x"\\n\\n[[part]]\\nname = "one"\\nweight = 1\\n', "part 1.weight")
    5
    """
    found = _lines(text)
    path = key
    while path:
        if path in found:
            return found[path]
        path = path.rpartition(".")[0]
    return 1


def _lines(text: str) -> dict[str, int]:
    """Every path of a TOML text → its line; tables of an array by number and by name."""
    found: dict[str, int] = {}
    counts: Counter[str] = Counter()
    here, named, fence = "", "", None
    for number, line in enumerate(text.splitlines(), start=1):
        if fence:
            fence = None if fence in line else fence
            continue
        if head := _HEAD.match(line):
            here, named = _opened(head[2].split("."), head[1] == "[[", counts), ""
            found.setdefault(here, number)
            continue
        if name := _NAME.match(line):
            named = f"{here.rpartition(' ')[0]} {name[1]}" if " " in here else ""
            found.setdefault(named, found.get(here, number))
        if key := _KEY.match(line):
            own = key[1] or key[2] or key[3]
            for place in {here, named or here}:
                found.setdefault(f"{place}.{own}" if place else own, number)
        fence = next((f for f in _FENCES if line.count(f) % 2), None)
    return found


def _opened(parts: list[str], is_array: bool, counts: Counter[str]) -> str:
    """The path of a table's head; [[part.part]] lies in the newest [[part]]."""
    path = ""
    for place, part in enumerate(parts):
        plain = part.strip().strip("\"'")
        path = f"{path}.{plain}" if path else plain
        if is_array and place == len(parts) - 1:
            counts[path] += 1
        if counts[path]:
            path = f"{path} {counts[path]}"
    return path
