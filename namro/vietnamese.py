"""How things are written in Vietnamese official documents: text, numbers, dates, order.

All functions take and return plain values; text comes out in Unicode NFC.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

# Control signs count as blanks too: scanners and old forms leave them, nothing can keep them.
_SPACES = re.compile(r"[\s\x00-\x1f\x7f\u00a0\u200b\ufeff]+")


def tidy(text: str) -> str:
    """NFC, every run of white space one blank, none at the ends."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def fold(text: str) -> str:
    """A key for search: no diacritics, lower case ("Sở Nội vụ" → "so noi vu")."""
    parts = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return tidy("".join(c for c in parts if not unicodedata.combining(c))).lower()


_LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng


def sort_key(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Vietnamese dictionary order: letters first (a < ă < â, d < đ), then tones."""
    letters, tones = [], []
    for c in unicodedata.normalize("NFC", text).lower():
        parts = unicodedata.normalize("NFD", c)
        tone = next((t for t in parts[1:] if t in _TONES), None)
        base = unicodedata.normalize("NFC", "".join(p for p in parts if p not in _TONES))
        place = _LETTERS.find(base)
        letters.append(1000 + place if place >= 0 else (ord(base[0]) if base else 0))
        tones.append(_TONES.index(tone) + 1 if tone else 0)
    return tuple(letters), tuple(tones)


_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*")


def parse_number(text: str) -> Decimal:
    """A number as officials write it: "3,0", "8.500", "1.234,5", "0.65", "01".

    A point before exactly three digits groups thousands ("8.500" is 8500) unless the whole
    part is 0 ("0.650"); a comma is the decimal mark. Raises ValueError for anything else.
    """
    raw = tidy(text).replace(" ", "")
    if not _NUMBER.fullmatch(raw):
        raise ValueError(f"Không phải là số: {text!r}")
    if "," in raw and "." in raw:
        decimal_mark = max(raw.rfind(","), raw.rfind("."))
        whole = raw[:decimal_mark].replace(",", "").replace(".", "")
        raw = f"{whole}.{raw[decimal_mark + 1 :]}"
    elif raw.count(",") > 1:
        raw = raw.replace(",", "")
    elif "," in raw:
        raw = raw.replace(",", ".")
    elif raw.count(".") > 1 or re.fullmatch(r"[+-]?[1-9]\d{0,2}\.\d{3}", raw):
        raw = raw.replace(".", "")
    try:
        return Decimal(raw)
    except InvalidOperation as why:
        raise ValueError(f"Không phải là số: {text!r}") from why


def format_number(value: Decimal | int, digits: int | None = None) -> str:
    """Thousands by point, decimals by comma: 1035 → "1.035", 71.94 at one digit → "71,9".

    Rounds half up at `digits`; None keeps the digits there are, without trailing zeros.
    """
    number = Decimal(value)
    if digits is not None:
        number = number.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    text = f"{number:f}"
    whole, _, rest = text.partition(".")
    if digits is None:
        rest = rest.rstrip("0")
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    grouped = f"{int(whole):,}".replace(",", ".")
    return f"{sign}{grouped},{rest}" if rest else f"{sign}{grouped}"


def format_date(day: date) -> str:
    """As in the head of a document's body: 03/6/2025 (day and months 1, 2 padded)."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"


def format_long_date(day: date) -> str:
    """As in the place-and-date line: "ngày 03 tháng 6 năm 2025"."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def capitalised(text: str) -> str:
    """First letter upper case, the rest untouched."""
    return text[:1].upper() + text[1:]


_CRUMBS = (
    *((code, "≥") for code in (r"\geqslant", r"\geq", r"\ge")),
    *((code, "≤") for code in (r"\leqslant", r"\leq", r"\le")),
    *((r"\approx", "≈"), (r"\times", "×"), (r"\%", "%"), ("$", " ")),
)


def legible(text: str) -> str:
    r"""Typesetting crumbs of a converted file as the signs they stand for, the length kept.

    Only for showing: places in the document count the characters of the text as it is.

    >>> tidy(legible(r"Có $\geq 45\%$ người"))
    'Có ≥ 45% người'
    """
    for code, sign in _CRUMBS:
        text = text.replace(code, sign.ljust(len(code)))
    return text


_ONSET = "(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdđghklmnpqrstvx])?"
_RIMES = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on
ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt up ut uơ uy uya uych
uyên uyêt uynh uyt uyu ư ưa ưc ưi ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
y yêm yên yêng yêt yêu
"""
_SYLLABLE = re.compile(f"{_ONSET}(?:{'|'.join(sorted(_RIMES.split(), key=len, reverse=True))})")
_TONE_MARKS = re.compile(f"[{_TONES}]")


def is_syllable(word: str) -> bool:
    """Whether a word has the shape of a Vietnamese syllable: initial, rime, at most one tone.

    By shape alone: "phươn" passes, "truyề" and "ng" do not, nor does any foreign cluster.
    """
    parts = unicodedata.normalize("NFD", word.lower())
    if len(_TONE_MARKS.findall(parts)) > 1:
        return False
    return bool(_SYLLABLE.fullmatch(unicodedata.normalize("NFC", _TONE_MARKS.sub("", parts))))
