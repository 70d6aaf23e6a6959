"""Signs of symbol fonts (Symbol, Wingdings): the font's own number → Unicode.

Word writes "≥" from its dialog "Symbol" as sign F0B3 of the font Symbol; without this table the
comparator of a target would be lost. The Symbol table is Adobe's encoding.
"""

from __future__ import annotations

import re

_GREEK = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ"
_GREEK_SMALL = "αβχδεφγηιϕκλμνοπθρστυϖωξψζ"
_FROM_A1 = "ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…|—↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪"
SYMBOL: dict[int, str] = {code: chr(code) for code in range(0x20, 0x7F)}
SYMBOL |= {0x22: "∀", 0x24: "∃", 0x27: "∋", 0x2A: "*", 0x2D: "-", 0x40: "≅", 0x5C: "∴", 0x5E: "⊥"}
SYMBOL |= dict(zip(range(0x41, 0x5B), _GREEK, strict=True))
SYMBOL |= dict(zip(range(0x61, 0x7B), _GREEK_SMALL, strict=True))
SYMBOL |= {0x60: "‾", 0x7E: "~", 0xA0: "€"} | dict(zip(range(0xA1, 0xF0), _FROM_A1, strict=True))
SYMBOL |= {0xF1: "〉", 0xF2: "∫"}

WINGDINGS: dict[int, str] = {
    0x6C: "●", 0x6D: "○", 0x6E: "■", 0x6F: "□", 0x71: "□", 0x72: "□", 0x75: "◆", 0x76: "•",
    0x77: "◆", 0x9F: "•", 0xA7: "▪", 0xA8: "□", 0xD8: "•", 0xDF: "←", 0xE0: "→", 0xE8: "→",
    0xF0: "→", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip


_PRIVATE = re.compile("[\uf020-\uf0ff]")


def sign_of(font: str, code: int) -> str:
    """The Unicode sign of a symbol font's number (F000–F0FF, or 20–FF); "•" where unknown."""
    code = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    if "wingdings" in font.lower() or "webdings" in font.lower():
        return WINGDINGS.get(code, "•")
    return SYMBOL.get(code, "•") if code <= 0xFF else chr(code)


def is_symbol_font(font: str) -> bool:
    """Whether a font's letters are no letters."""
    return font.lower() == "symbol" or font.lower().startswith(("wingdings", "webdings"))


def with_signs(text: str, font: str) -> str:
    """Text of a run, private signs (F020–F0FF) and those of a symbol font as Unicode."""
    if is_symbol_font(font):
        return "".join(c if c.isspace() else sign_of(font, ord(c)) for c in text)
    return _PRIVATE.sub(lambda sign: sign_of("Symbol", ord(sign[0])), text)
