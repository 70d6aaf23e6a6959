"""Words without the accidents of writing: diacritics, abbreviations, i or y, order of words."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

from namro.vietnamese import fold, legible, tidy

# Over folded text; the words most plans shorten.
_SHORT = {
    "ubnd": "uy ban nhan dan",
    "hdnd": "hoi dong nhan dan",
    "mttq": "mat tran to quoc",
    "tthc": "thu tuc hanh chinh",
    "cntt": "cong nghe thong tin",
    "khcn": "khoa hoc cong nghe",
    "dmst": "doi moi sang tao",
    "cds": "chuyen doi so",
    "dvc": "dich vu cong",
    "dvctt": "dich vu cong truc tuyen",
    "csdl": "co so du lieu",
    "attt": "an toan thong tin",
    "htx": "hop tac xa",
    "cbccvc": "can bo cong chuc vien chuc",
    "cbcc": "can bo cong chuc",
    "gddt": "giao duc dao tao",
    "pct": "phan tram",
}
_SPELT = {"ti": "ty", "ki": "ky", "qui": "quy", "li": "ly", "si": "sy"}
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[a-z]+|[,;]")
_NUMBERED = re.compile(r"^\s*(?:[-–+•*]+|\(?[0-9]{1,3}(?:\.[0-9]{1,3})*[.)]+|[a-zđ][.)])\s+", re.I)
# What says how much or how surely, never what about.
_MEASURING = re.compile(
    r"\b(?:ty le|ty trong|so luong|quy mo|chiem|toi thieu|toi da|it nhat|khong thap hon|"
    r"khong qua|khong duoi|"
    r"tro len|phan dau|huong toi|dat|tren dia ban|tat ca|toan bo|bao gom|den nam \d{4}|nam \d{4})\b"
)
_CONNECTIVES = frozenset({",", ";", "va", "hoac"})


def plain(text: str) -> str:
    """Folded, number of the item off, abbreviations in full, one spelling of i and y.

    >>> plain("(5). Tỉ lệ TTHC xử lí trực tuyến")
    'ty le thu tuc hanh chinh xu ly truc tuyen'
    """
    folded = fold(_NUMBERED.sub("", legible(text)))
    words = (_SPELT.get(w, _SHORT.get(w, w)) for w in _WORD.findall(folded))
    return " ".join(words)


def same_words(old: str, new: str) -> bool:
    """Whether two texts differ in nothing but diacritics, signs, numbering, or abbreviations."""
    return _signless(plain(old)) == _signless(plain(new))


def _signless(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def topic(text: str) -> list[str]:
    """The words that say what a text is about, in order; how much and by when left out.

    >>> topic("Tỷ lệ phủ sóng 5G trên địa bàn tối thiểu 45%")
    ['phu', 'song', '5', 'g', '45']
    """
    bare = _MEASURING.sub(" ", plain(text))
    return [w.lstrip("0") or "0" for w in bare.split() if w not in _CONNECTIVES]


@dataclass(frozen=True)
class Piece:
    """A run of words: "same", "gone" (only in the old text) or "new" (only in the new one)."""

    kind: str
    text: str


_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


def changed_words(old: str, new: str) -> tuple[Piece, ...]:
    """Both texts as one run of pieces, for marking what went and what came.

    >>> [(p.kind, p.text) for p in changed_words("đạt 45% xã", "đạt 40% xã")]
    [('same', 'đạt '), ('gone', '45'), ('new', '40'), ('same', '% xã')]
    """
    was, now = (_TOKEN.findall(tidy(legible(t))) for t in (old, new))
    found: list[Piece] = []
    for what, i, j, k, m in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(Piece("same", "".join(was[i:j])))
            continue
        if i < j:
            found.append(Piece("gone", "".join(was[i:j])))
        if k < m:
            found.append(Piece("new", "".join(now[k:m])))
    return tuple(found)


# What makes a population smaller when it is added to its name.
_QUALIFIERS = frozenset(
    "thuoc tai o trong trong diem cap vung khu vuc loai du dieu kien chuyen trach lanh dao rieng "
    "truoc het chi".split()
)


def narrowed(old: str, new: str) -> int:
    """1 when the new text names fewer (a member of a list lost, a condition added), -1 when more.

    0 where that cannot be told from the words alone.

    >>> narrowed("cán bộ, công chức, viên chức được bồi dưỡng", "cán bộ, công chức được bồi dưỡng")
    1
    """
    was, now = plain(old).split(), plain(new).split()
    lost = Counter(was) - Counter(now)
    gained = Counter(now) - Counter(was)
    joints = sum(w in _CONNECTIVES for w in was) - sum(w in _CONNECTIVES for w in now)
    for connective in _CONNECTIVES:
        del lost[connective], gained[connective]
    if bool(lost) == bool(gained):
        return 0
    words = lost or gained
    conditional = bool(_QUALIFIERS & set(words)) and words.total() > 1
    if lost:
        return 1 if joints > 0 else -1 if conditional else 0
    return -1 if joints < 0 else 1 if conditional else 0


_CONDITIONAL = re.compile(
    r"\b(?:phan dau|huong toi|khuyen khich|neu co dieu kien|khi (?:co|du) dieu kien|"
    r"tuy (?:theo|tinh hinh)|neu can|trong dieu kien cho phep)\b"
)
_TENTATIVE = re.compile(r"\b(?:nghien cuu|xem xet|tung buoc|can nhac|de xuat|co the)\b")
_OPENING = 6  # words of a text within which a tentative verb rules the whole of it


def softeners(text: str) -> frozenset[str]:
    """The words that make an order less than an order, folded: "phấn đấu", "nếu có điều kiện"
    anywhere, "nghiên cứu", "xem xét" where the text begins with them."""
    folded = plain(text)
    opening = " ".join(folded.split()[:_OPENING])
    return frozenset((*_CONDITIONAL.findall(folded), *_TENTATIVE.findall(opening)))
