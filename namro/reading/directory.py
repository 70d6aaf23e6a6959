"""Names → known units: the name itself, a short form, a shared tail, a successor, a slip."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files

from rapidfuzz.distance import Levenshtein

from namro.reading import territory
from namro.reading.mentions import HEAD, KnownUnit, is_collective
from namro.reading.plan import Mention
from namro.vietnamese import fold


class Directory:
    """Known units by every way their names may be written. `province`: the one the document is
    of, in which communes of before 2025 are looked for ("Lai Châu")."""

    def __init__(self, known: Iterable[KnownUnit], province: str | None = None) -> None:
        self.province = province
        self.codes: dict[str, str] = {}
        self.official: dict[str, str] = {}
        self.aliases: dict[str, str] = {}
        self.written: set[tuple[str, str]] = set()
        self.known_codes: set[str] = set()
        for unit in known:
            self.known_codes.add(unit.code)
            self.official.setdefault(_plain(unit.name), unit.code)
            for name in unit.aliases:
                self.aliases.setdefault(_plain(name), unit.code)
            for name in (unit.name, *unit.aliases):
                self.written.add((unit.code, _sounds(name)))
                for key in _keys(name):
                    self.codes.setdefault(key, unit.code)

    def __bool__(self) -> bool:
        return bool(self.codes)

    def code(self, name: str) -> str | None:
        """The unit of exactly this name, alias or short form; None for none."""
        return self.found(name)[0]

    def found(self, name: str) -> tuple[str | None, str | None]:
        """Its code and how it was told: "exact", "alias", "abbreviation", "slip" where only marks
        over letters differ, or None."""
        plain = _plain(name)
        for names, how in ((self.official, "exact"), (self.aliases, "alias")):
            code = names.get(plain)
            if code:
                return code, how if (code, _sounds(name)) in self.written else "slip"
        short = next((self.codes[key] for key in _keys(name) if key in self.codes), None)
        return short, "abbreviation" if short else None

    def resolved(self, names: Sequence[Mention]) -> tuple[Mention, ...]:
        """The same mentions with their codes, and in `by` how each was told; a short name takes
        the tail of a later one.

        "Ban Tổ chức, Ủy ban kiểm tra, Văn phòng Đảng ủy UBND tỉnh": the tail "Đảng ủy UBND tỉnh" of
        the last stands for all, where that makes a known name.
        """
        if not self.codes:
            return tuple(names)
        return tuple(self._resolved(one, names[i + 1 :]) for i, one in enumerate(names))

    def _resolved(self, mention: Mention, later: Sequence[Mention]) -> Mention:
        for tail in (tail for other in later for tail in _tails(other.text)):
            code = self.code(f"{mention.text} {tail}")
            if code:
                return replace(mention, code=code, inherited=True, by="tail")
        code, by = self.found(mention.text)
        if code:
            return replace(mention, code=code, by=by)
        if is_collective(mention.text):
            return mention
        post = _POST.match(mention.text)
        if post and (code := self.code(mention.text[post.end() :])):
            return replace(mention, code=code, by="post")
        return self._today(mention) or self._slip(mention) or mention

    def _today(self, mention: Mention) -> Mention | None:
        """The unit that took over from one that no longer exists; its name where it is not known,
        or where several took over and only a person can tell."""
        taken = territory.successors(mention.text, self.province)
        taken = taken or territory.successors(_key(mention.text), self.province)
        if not taken:
            return None
        names = tuple(s.name for s in taken)
        if len(taken) > 1 or not taken[0].wholly:
            return replace(mention, by="successor", now=names)
        own = taken[0].code
        code = own if own in self.known_codes else self.code(names[0])
        return replace(mention, code=code, by="successor", now=names)

    def _slip(self, mention: Mention) -> Mention | None:
        """The one known name that differs by a letter or two (a slip of the pen or of OCR)."""
        key = _key(mention.text)
        most = 1 if len(key) < 14 else 2 if len(key) < 28 else 3
        if len(key) < 8 or territory.is_commune_today(mention.text):
            return None
        near: dict[str, int] = {}
        for other, code in self.codes.items():
            apart = Levenshtein.distance(key, other, score_cutoff=most)
            if apart <= most and _numbers(key) == _numbers(other):
                near[code] = min(near.get(code, apart), apart)
        if not near:
            return None
        best = min(near.values())
        nearest = [code for code, apart in near.items() if apart <= best + 1]
        return replace(mention, code=nearest[0], by="slip") if len(nearest) == 1 else None


def expand(mention: Mention | str, known: Sequence[KnownUnit]) -> tuple[str, ...]:
    """The codes of the known units that a collective name means, in the order of `known`; a single
    unit gives its own code; () where the words name no sort of unit ("các đơn vị liên quan").

    Read from the names alone: a caller that knows the tree may narrow it. "liên quan" after a sort
    does not narrow: which of them it means only a person can say.

    >>> units = [KnownUnit("yt", "Sở Y tế"), KnownUnit("01", "Xã Bình Lư"), KnownUnit("02", "TU")]
    >>> expand("các sở, ban, ngành", units), expand("UBND các xã, phường", units)
    (('yt',), ('01',))
    """
    name = mention.text if isinstance(mention, Mention) else mention
    if isinstance(mention, Mention) and mention.code:
        return (mention.code,)
    if not is_collective(name):
        one = Directory(known).resolved([Mention(name)])[0].code
        return (one,) if one else ()
    key = fold(name)
    helpers = re.search(r"\btham muu\b.*?\b(?P<of>(?:dang uy|tinh uy|thanh uy)\b.*)$", key)
    if helpers:
        serves = re.compile(rf"(?:ban |uy ban kiem tra|van phong).*{re.escape(helpers['of'])}$")
        return tuple(u.code for u in known if serves.match(fold(u.name)))
    patterns = [means for said, means in _SORTS if re.search(said, key)]
    party = re.search(r"\bdang (?:uy|bo)\b|chi bo|cap uy", key)
    found = []
    for unit in known:
        own = fold(unit.name)
        if bool(_PARTY.match(own)) == bool(party) and any(re.match(p, own) for p in patterns):
            found.append(unit.code)
    return tuple(dict.fromkeys(found))


_PARTY = re.compile(r"(?:dang (?:uy|bo)|chi bo|tinh uy|thanh uy|.*(?:dang uy|tinh uy|thanh uy))\b")
_COMMUNE = (
    r"(?:(?:ubnd|uy ban nhan dan|hdnd|cong an|tram y te)\s+)?(?:xa|phuong|thi tran|dac khu)\s"
)
_OFFICE = (
    r"(?:so\s|ban (?:quan ly|dan toc)|thanh tra|van phong (?:ubnd|uy ban)|vp ubnd|cong an tinh"
    r"|cong an thanh pho|bo chi huy|thong ke|thue|kho bac|bao hiem xa hoi|chi cuc|cuc\s)"
)
# What a collective name says, and how the names of such units begin (both folded).
_SORTS = (
    (r"\bso\b", r"so\s"),
    (
        r"\b(?:ban|nganh|co quan|don vi)\b(?!.*(?:dang uy|tinh uy|thanh uy))(?!.*lien quan$)",
        _OFFICE,
    ),
    (r"\bban\b.*\bnganh\b|\bso, (?:ban|nganh)", _OFFICE),
    (r"\b(?:xa(?! hoi)|phuong|dia phuong)\b", _COMMUNE),
    (r"\bbo\b", r"bo\s(?!chi huy)"),
    (r"\btinh, thanh pho\b", r"(?:(?:ubnd|uy ban nhan dan)\s+)?(?:tinh|thanh pho)\s"),
    (
        r"\b(?:doan the|to chuc chinh tri|hoi)\b",
        r"(?:uy ban mat tran|mat tran|hoi |lien doan|doan |lien minh|lien hiep|tinh doan)",
    ),
    (r"\bdang (?:uy|bo)\b|\bcap uy\b", r"dang (?:uy|bo)\s"),
    (r"\bchi(?: bo|, dang bo)\b", r"(?:chi bo|dang bo)\s"),
)
_POST = re.compile(
    r"(?:(?:Giám đốc|giám đốc|Thủ trưởng|thủ trưởng|Chủ tịch|Chánh|Trưởng|Lãnh đạo|lãnh đạo"
    r"|Chủ nhiệm|Bí thư|Thường trực|Ban Thường vụ|BTV|[Đđ]ồng chí|Đ/c|Ban Giám đốc)\s+)+"
)


@lru_cache(maxsize=1)
def _abbreviations() -> tuple[tuple[re.Pattern[str], str], ...]:
    text = files("namro.reading").joinpath("abbreviations.txt").read_text(encoding="utf-8")
    pairs = [line.split(" = ") for line in text.splitlines() if " = " in line]
    found = []
    for short, words in sorted(pairs, key=lambda pair: -len(pair[0])):
        behind = r"(?<=so )|(?<=bo )|(?<=phong )" if len(short) == 2 and short != "tu" else r"\b"
        if short in ("vp", "ca", "tn"):
            behind = r"\b"
        found.append((re.compile(rf"(?:{behind}){re.escape(short)}(?![\w&])"), words))
    return tuple(found)


def _plain(name: str) -> str:
    """The name folded, "các" and signs left out."""
    key = fold(re.sub(r"^(?:các|Các|giao|Giao)\s+", "", name)).replace("&", " va ")
    return re.sub(r"\s+", " ", re.sub(r"[^\w ]+", " ", key)).strip()


def _sounds(name: str) -> str:
    """The name as it sounds: letters with their hats, and the tone of each syllable wherever its
    mark is set ("Ủy" and "Uỷ" are one)."""
    bare = re.sub(r"^(?:các|giao)\s+", "", name.lower().replace("&", " và "))
    found = []
    for syllable in re.findall(r"[^\W_]+", unicodedata.normalize("NFC", bare)):
        parts = unicodedata.normalize("NFD", syllable)
        tones = sorted(c for c in parts if c in _TONES)
        found.append("".join(c for c in parts if c not in _TONES) + "".join(tones))
    return " ".join(found)


_TONES = "\u0300\u0301\u0303\u0309\u0323"


def _key(name: str) -> str:
    """The name folded, its short forms written out."""
    key = fold(re.sub(r"^(?:các|Các|giao|Giao)\s+", "", name))
    for pattern, words in _abbreviations():
        key = pattern.sub(words, key)
    return re.sub(r"\s+", " ", re.sub(r"[^\w ]+", " ", key.replace("&", " va "))).strip()


_PLACE = re.compile(r"^(?P<unit>.{5,}?) (?:tinh|thanh pho|tp)(?: (?!uy\b|doan\b)[\w ]{2,30})?$")


def _keys(name: str) -> tuple[str, ...]:
    """The key, and the key without the province behind it ("Sở Y tế tỉnh Lai Châu")."""
    key = _key(name)
    place = _PLACE.match(key)
    if not place or place["unit"] in ("uy ban nhan dan", "hoi dong nhan dan"):
        return (key,)
    return (key, place["unit"]) if place["unit"].startswith(_PLACED) else (key,)


_PLACED = (
    "so ", "thanh tra", "cong an", "bo chi huy", "hoi ", "lien doan", "lien minh", "lien hiep",
    "uy ban mat tran", "mat tran", "ban ", "van phong", "dai ", "bao ", "kho bac", "bao hiem",
    "thue", "thong ke", "chi cuc", "cuc ", "truong ", "trung tam", "vien ", "toa an", "doan ",
)  # fmt: skip


def _numbers(key: str) -> list[str]:
    return re.findall(r"\d+|\b[ivx]+\b", key)


def _tails(name: str) -> list[str]:
    """The endings of a name that are names themselves, longest first."""
    words = name.split()
    return [
        " ".join(words[i:])
        for i in range(1, len(words))
        if HEAD.match(" ".join(words[i:])) or i > 2
    ]
