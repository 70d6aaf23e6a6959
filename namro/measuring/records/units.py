"""What a file calls a unit → the unit's code: by code, by name, never by guessing.

What a unit was called before, or a unit that gave way to others, is a fault that names its heirs:
who sends the file says which of them is meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from rapidfuzz import fuzz, process

from namro.measuring.cells import BadCell
from namro.vietnamese import fold, tidy

_TITLES = ("ubnd ", "uy ban nhan dan ")
_SHORT = {"x. ": "xa ", "p. ": "phuong ", "tt. ": "thi tran "}


@dataclass(frozen=True)
class KnownUnits:
    """The units a file may speak of (đơn vị được gửi bản ghi).

    `names`: code → name of those that may send. `also`: code → its other names of today. `former`:
    an old code or name → the codes of those in its place now (none: dissolved). `elsewhere`: code →
    name of units that stand, but out of the sender's reach.
    """

    names: Mapping[str, str]
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    former: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    elsewhere: Mapping[str, str] = field(default_factory=dict)

    @staticmethod
    def of_codes(codes: Iterable[str]) -> KnownUnits:
        """Units known by nothing but their codes."""
        return KnownUnits({code: code for code in codes})

    def code_of(self, text: str, title: str, *, guess: bool = True) -> str:
        """The code of the unit that a cell means. `title`: the column's. Raises BadCell.

        `guess`: whether to look for a name like it, which takes a while.
        """
        if text in self.names:
            return text
        for names, key in ((self._exact, tidy(text).casefold()), (self._folded, _plain(text))):
            if len(found := names.get(key, ())) == 1:
                return found[0]
            if found:
                raise self._doubtful(text, title, found)
        raise self._gone(text, title) or self._unknown(text, title, guess)

    @cached_property
    def _exact(self) -> dict[str, tuple[str, ...]]:
        return self._by(lambda name: tidy(name).casefold())

    @cached_property
    def _folded(self) -> dict[str, tuple[str, ...]]:
        return self._by(_plain)

    @cached_property
    def _left(self) -> dict[str, tuple[str, ...]]:
        return {_plain(name): heirs for name, heirs in self.former.items()}

    @cached_property
    def _others(self) -> dict[str, str]:
        return {_plain(t): c for c, name in self.elsewhere.items() for t in (name, c)}

    def _by(self, key: object) -> dict[str, tuple[str, ...]]:
        assert callable(key)
        found: dict[str, dict[str, None]] = {}
        for code, name in self.names.items():
            for told in (name, *self.also.get(code, ())):
                if told:
                    found.setdefault(key(told), {})[code] = None
        return {name: tuple(codes) for name, codes in found.items()}

    def _said(self, codes: Iterable[str]) -> str:
        names = {**self.elsewhere, **self.names}
        told = (f"{c} ({names[c]})" if names.get(c, c) != c else c for c in codes)
        return ", ".join(told)

    def _doubtful(self, text: str, title: str, codes: tuple[str, ...]) -> BadCell:
        said = f"cột “{title}”: có {len(codes)} đơn vị tên “{text}”."
        return BadCell("DOUBTFUL_UNIT", said, f"Ghi mã đơn vị: {self._said(codes)}.")

    def _gone(self, text: str, title: str) -> BadCell | None:
        heirs = self._left.get(_plain(text))
        if heirs is None:
            return None
        if not heirs:
            said = f"cột “{title}”: “{text}” đã giải thể, không còn nhận số liệu của kỳ này."
            return BadCell("FORMER_UNIT", said, "Bỏ dòng này hoặc chọn đúng kỳ.")
        said = f"cột “{title}”: “{text}” là tên hoặc mã cũ, nay là {self._said(heirs)}."
        return BadCell("FORMER_UNIT", said, f"Ghi mã hiện nay: {' hoặc '.join(heirs)}.")

    def _near(self, plain: str) -> tuple[str, ...]:
        """The units whose name is most like a text, where one is much like it."""
        found = process.extractOne(plain, self._folded.keys(), scorer=fuzz.ratio, score_cutoff=80)
        return self._folded[found[0]] if found else ()

    def _unknown(self, text: str, title: str, guess: bool) -> BadCell:
        if code := self._others.get(_plain(text)):
            said = f"cột “{title}”: “{text}” ngoài phạm vi đồng chí được gửi dữ liệu."
            name = self._said((code,))
            return BadCell(
                "OUT_OF_REACH", said, f"Bỏ dòng này; dữ liệu của {name} do nơi khác gửi."
            )
        said = f"cột “{title}”: không có đơn vị nào mang mã “{text}”."
        if shorn := [c for c in self.names if text.isdigit() and c.lstrip("0") == text]:
            hint = f"Ghi “{shorn[0]}” và định dạng cột là chữ (Text): ô dạng số mất số 0 ở đầu."
            return BadCell("UNKNOWN_UNIT", said, hint)
        if guess and (near := self._near(_plain(text))):
            hint = f"Ghi đúng mã đơn vị; có phải {self._said(near)}?"
            return BadCell("UNKNOWN_UNIT", said, hint)
        return BadCell("UNKNOWN_UNIT", said, "Ghi đúng mã đơn vị.")


def _plain(name: str) -> str:
    """A name as it is compared: no accents, "UBND xã X" as "xã X", "P. X" as "phường X"."""
    plain = fold(name)
    for short, whole in _SHORT.items():
        if plain.startswith(short):
            plain = whole + plain.removeprefix(short)
    for title in _TITLES:
        plain = plain.removeprefix(title)
    return plain
