"""Old Vietnamese encodings → Unicode: TCVN3 (ABC, fonts ".VnTime"…) and VNI ("VNI-Times"…).

Both put Vietnamese letters where Latin-1 has others, so their text shows as "Céng hßa x· héi" or
"Coäng hoøa xaõ hoäi" without the font. TCVN3 is TCVN 5712:1993 (VN3): one sign a letter, capitals
only by a font of capitals (".VnTimeH"). VNI writes the vowel, then a sign for its marks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_TCVN3_CODES = (
    (0xA1, "ĂÂÊÔƠƯĐăâêôơưđ"), (0xB5, "àảãáạ"), (0xBB, "ằẳẵắ"), (0xC6, "ặầẩẫấậè"),
    (0xCE, "ẻẽéẹềểễếệìỉ"), (0xDC, "ĩíị"), (0xDF, "ò"), (0xE1, "ỏõóọồổỗốộờởỡớợù"),
    (0xF1, "ủũúụừửữứự"), (0xFA, "ỳỷỹýỵ"),
)  # fmt: skip
TCVN3 = {chr(first + i): c for first, run in _TCVN3_CODES for i, c in enumerate(run)}

_TONES = {"": "", "\u0300": "ø", "\u0301": "ù", "\u0309": "û", "\u0303": "õ", "\u0323": "ï"}
_ROUND = {"": "â", "\u0300": "à", "\u0301": "á", "\u0309": "å", "\u0303": "ã", "\u0323": "ä"}
_BREVE = {"": "ê", "\u0300": "è", "\u0301": "é", "\u0309": "ú", "\u0303": "ü", "\u0323": "ë"}
_SINGLE = {"đ": "ñ", "ì": "ì", "í": "í", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î"}


def _vni_table() -> dict[str, str]:
    """What VNI writes → the letter; capitals with signs in capitals, and with small ones."""
    table = {written: letter for letter, written in _SINGLE.items()}

    def put(vowel: str, written: str, mark: str, signs: dict[str, str]) -> None:
        for tone, sign in signs.items():
            letter = unicodedata.normalize("NFC", vowel + mark + tone)
            if sign and len(letter) == 1:
                table.setdefault(written + sign, letter)

    for vowel in "aeo":
        put(vowel, vowel, "\u0302", _ROUND)
    put("a", "a", "\u0306", _BREVE)
    for vowel in "aeouy":
        put(vowel, vowel, "", _TONES)
    for vowel, written in (("ơ", "ô"), ("ư", "ö")):
        table[written] = vowel
        put(vowel, written, "", _TONES)
    capitals = {w.upper(): c.upper() for w, c in table.items()}
    mixed = {w[0].upper() + w[1:]: c.upper() for w, c in table.items() if len(w) == 2}
    return table | mixed | capitals


VNI = _vni_table()
_VNI_SIGNS = re.compile("|".join(sorted(map(re.escape, VNI), key=len, reverse=True)))
_TCVN3_MAP = str.maketrans(TCVN3)


def from_tcvn3(text: str, *, capitals: bool = False) -> str:
    """TCVN3 text as Unicode; `capitals` for the fonts whose name ends in H."""
    text = text.translate(_TCVN3_MAP)
    return text.upper() if capitals else text


def from_vni(text: str) -> str:
    """VNI text as Unicode."""
    return _VNI_SIGNS.sub(lambda found: VNI[found[0]], text)


def encoding_of_font(font: str) -> str:
    """ "TCVN3", "TCVN3H" (capitals), "VNI", or "" for any other font."""
    if font.startswith((".Vn", ".VN", ".vn")):
        return "TCVN3H" if font.endswith("H") else "TCVN3"
    return "VNI" if font.upper().startswith("VNI-") else ""


def decoded(text: str, encoding: str) -> str:
    """Text of an old encoding (as `encoding_of_font` names it) as Unicode."""
    if encoding == "VNI":
        return from_vni(text)
    return from_tcvn3(text, capitals=encoding == "TCVN3H") if encoding else text


_UNICODE_ONLY = re.compile("[ăđĩũơưĂĐĨŨƠƯ\u1ea0-\u1ef9\u0300\u0301\u0303\u0309\u0323]")


def is_unicode_already(text: str) -> bool:
    """Whether text holds Vietnamese letters that no old encoding can show."""
    return len(_UNICODE_ONLY.findall(text)) * 200 > len(text)


_ONSET = "(?:ngh|ch|gh|gi|kh|ng|nh|ph|qu|th|tr|[bcdđghklmnpqrstvx])?"
_NUCLEUS = (
    "(?:iêu|oai|oay|oao|oeo|uây|uôi|uya|uyê|uyu|ươi|ươu|yêu|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|oa|oă|"
    "oe|oi|oo|ôi|ơi|ua|uâ|ue|uê|ui|uô|uơ|uy|ưa|ưi|ươ|ưu|yê|[aăâeêioôơuưy])"
)
_SYLLABLE = re.compile(f"{_ONSET}{_NUCLEUS}(?:ch|ng|nh|[cmnpt])?")
_TONE_MARKS = "\u0300\u0301\u0303\u0309\u0323"


def is_syllable(word: str) -> bool:
    """Whether a word can be a Vietnamese syllable: onset, nucleus, coda, at most one tone."""
    if not (word.islower() or word.isupper() or word.istitle()):
        return False
    letters = unicodedata.normalize("NFD", word.lower())
    tones = sum(c in _TONE_MARKS for c in letters)
    bare = "".join(c for c in letters if c not in _TONE_MARKS)
    return tones <= 1 and bool(_SYLLABLE.fullmatch(unicodedata.normalize("NFC", bare)))


_SAMPLE = 60_000


def told(text: str) -> str:
    """The old encoding that plain text is written in: "TCVN3", "VNI", or "" where it is none.

    Judged by how many words with foreign letters become Vietnamese syllables. Without a font there
    is no other sign; a text with too few such words is left as it is.
    """
    sample = text[:_SAMPLE]
    if is_unicode_already(sample):
        return ""
    words = [w for w in _words(sample) if not w.isascii()]
    if len(words) < 4:
        return ""
    score = {"": _share(words), "TCVN3": 0.0, "VNI": 0.0}
    for encoding in ("TCVN3", "VNI"):
        score[encoding] = _share([decoded(w, encoding) for w in words])
    best = max(("TCVN3", "VNI"), key=lambda e: score[e])
    return best if score[best] >= 0.75 and score[best] > score[""] + 0.25 else ""


def _words(text: str) -> Iterator[str]:
    """Words between blanks, without the signs of a sentence around them."""
    for word in text.split():
        yield word.strip(".,;:!?()[]\"'/-“”…")


def _share(words: list[str]) -> float:
    good = sum(is_syllable(part) for word in words for part in re.split(r"[^\w]+", word) if part)
    return good / max(1, sum(1 for word in words for part in re.split(r"[^\w]+", word) if part))


def decoded_plain(text: str, encoding: str) -> str:
    """Plain text of an old encoding as Unicode. A TCVN3 line whose Latin letters are all capitals
    was set in a font of capitals: it becomes capitals."""
    if encoding != "TCVN3":
        return decoded(text, encoding)
    return "\n".join(from_tcvn3(line, capitals=_in_capitals(line)) for line in text.split("\n"))


def _in_capitals(line: str) -> bool:
    latin = [c for c in line if c.isascii() and c.isalpha()]
    return len(latin) >= 3 and all(c.isupper() for c in latin)
