"""What the styles of a .docx say of a paragraph's or a run's look: bold, hidden, capitals, font."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from namro.reading.sources.word.names import VAL, W, is_on, whole


@dataclass(frozen=True)
class Look:
    """How a run is set; None where nothing is said."""

    bold: bool | None = None
    hidden: bool | None = None
    capitals: bool | None = None
    font: str | None = None

    def over(self, below: Look) -> Look:
        """This look, what it leaves open taken from `below`."""
        return Look(
            below.bold if self.bold is None else self.bold,
            below.hidden if self.hidden is None else self.hidden,
            below.capitals if self.capitals is None else self.capitals,
            below.font if self.font is None else self.font,
        )


PLAIN = Look()


def look_of(properties: Any) -> Look:
    """What one rPr element says."""
    if properties is None or not len(properties):
        return PLAIN
    bold = hidden = capitals = font = None
    for said in properties:
        tag = said.tag
        if tag == f"{W}b":
            bold = is_on(said)
        elif tag == f"{W}vanish":
            hidden = is_on(said)
        elif tag == f"{W}caps":
            capitals = is_on(said)
        elif tag == f"{W}rFonts":
            font = said.get(f"{W}ascii") or said.get(f"{W}hAnsi") or said.get(f"{W}cs")
    return Look(bold, hidden, capitals, font)


class Styles:
    """styles.xml: looks and lists by style, inherited along basedOn. `root` may be None."""

    def __init__(self, root: Any) -> None:
        self.elements: dict[str, Any] = {}
        self.usual = ""
        self._looks: dict[str, Look] = {}
        self._lists: dict[str, tuple[str, int] | None] = {}
        self.default = PLAIN
        if root is None:
            return
        for style in root.findall(f"{W}style"):
            key = style.get(f"{W}styleId") or ""
            self.elements[key] = style
            if style.get(f"{W}default") in ("1", "true") and style.get(f"{W}type") == "paragraph":
                self.usual = key
        self.default = look_of(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))

    def _line(self, key: str) -> list[Any]:
        """A style and those it is based on, itself first; a circle ends where it closes."""
        line: list[Any] = []
        seen: set[str] = set()
        while key in self.elements and key not in seen and len(line) < 30:
            seen.add(key)
            line.append(self.elements[key])
            base = self.elements[key].find(f"{W}basedOn")
            key = (base.get(VAL) or "") if base is not None else ""
        return line

    def look(self, key: str) -> Look:
        """How a style sets its runs."""
        if key not in self._looks:
            found = PLAIN
            for style in self._line(key):
                found = found.over(look_of(style.find(f"{W}rPr")))
            self._looks[key] = found
        return self._looks[key]

    def numbering(self, key: str) -> tuple[str, int] | None:
        """The list and level a style gives its paragraphs; None where it gives none."""
        if key not in self._lists:
            self._lists[key] = self._numbering(key)
        return self._lists[key]

    def _numbering(self, key: str) -> tuple[str, int] | None:
        level: int | None = None
        for style in self._line(key):
            said = style.find(f"{W}pPr/{W}numPr")
            if said is None:
                continue
            at, number = said.find(f"{W}ilvl"), said.find(f"{W}numId")
            level = whole(at) if level is None and at is not None else level
            if number is not None:
                return number.get(VAL) or "0", level or 0
        return None
