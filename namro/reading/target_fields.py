"""The fields of a target: its stretch of the sentence, deadline, scope, softness, subject."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from namro.reading import deadlines, quantities
from namro.reading.blocks import Block
from namro.reading.outline import Node
from namro.reading.quantities import Quantity
from namro.vietnamese import fold, parse_number


@dataclass(frozen=True)
class Sentence:
    """The words of one item: its block, where they begin and end, and the node for its section."""

    node: Node
    block: Block
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.block.text[self.start : self.end]


@dataclass(frozen=True)
class OwnTitle:
    """The document's title, the year it plans for, and that of its day (None: it bears no day)."""

    text: str
    year: int | None = None
    dated: int | None = None


PAST = re.compile(
    r"hiện nay|đến nay|hiện có|tính đến|đã đạt|đã có|hiện tại|thời gian qua|năm qua"
    r"|kết quả đạt được",
    re.I,
)


def clause(text: str, quantity: Quantity, picked: Sequence[Quantity]) -> tuple[int, int]:
    """The stretch of the sentence that speaks of this quantity."""
    begin = 0
    for cut in re.finditer(r"[;.:]\s|\btrong đó\b:?", text[: quantity.start]):
        begin = cut.end()
    after = re.search(r"[;.](?:\s|$)|,?\s*trong đó\b", text[quantity.end :])
    end = quantity.end + after.start() if after else len(text)
    for other in picked:
        if other is quantity:
            continue
        if begin <= other.start < quantity.start:
            begin = (
                other.end
                if other.percent and not quantity.percent
                else _between(text, other, quantity)
            )
        elif quantity.end <= other.start < end:
            end = _between(text, quantity, other)
    return begin, end


def _between(text: str, left: Quantity, right: Quantity) -> int:
    """Where the words of `left` end and those of `right` begin."""
    middle = text[left.end : right.start]
    cuts = [found.start() for found in re.finditer(r",\s|\svà\s|\(", middle)]
    if cuts:
        return left.end + cuts[-1]
    return left.end + (len(middle) if not middle.strip() else 0)


@dataclass(frozen=True)
class Due:
    """The year by which, the words it is inherited from (None where the sentence says it), and how
    sure that is: less the farther off it is said."""

    iso: str | None
    source: str | None = None
    sure: float = 0.6


def deadline(
    whole: Sentence,
    begin: int,
    end: int,
    title: OwnTitle | None,
    at: int = 0,
    *,
    inherit: bool = True,
) -> Due:
    """Looked for in the clause `begin`–`end`, then before it, then behind it in the same part of
    the sentence; where `inherit`, in the headings above and the lines that open the list, last in
    the title. Without `inherit` only the title's own period is left to say it, if it is given."""
    text = _without_asides(whole.text, title.year if title else None)
    year = title.year if title else None
    years = _years(text[begin:end], year=year)
    if years:
        before = [d for d in years if d.end + begin <= at]
        just = [d for d in before if _BARE_BETWEEN.fullmatch(text[d.end + begin : at])]
        near = just[-1] if just else min(years, key=lambda d: abs(d.start + begin - at))
        return Due(near.iso, None, 0.97 if len({d.iso for d in years}) == 1 else 0.8)
    others = _years(text, year=year)
    earlier = [d for d in others if d.start < begin and (inherit or _opens_part(text, d))]
    if earlier:
        return Due(earlier[-1].iso, None, 0.9 if len(others) == 1 else 0.75)
    for later in others:
        if later.start >= end and not re.search(r"[;.]\s", text[end : later.start]):
            return Due(later.iso, None, 0.8)
    return _inherited(whole.node, title) if inherit else _of_title(title, 0.6)


_NOTE = re.compile(
    r"\((?:(?:năm|thực hiện(?: năm)?|ước(?: năm| thực hiện năm)?|kế hoạch(?: năm)?|kết quả năm)\s+)"
    r"(?P<year>20\d\d)\b[^()]*\)",
    re.I,
)
_OF_SOME = re.compile(r"\((?=[^()]*(?:đối với|riêng)\s)[^()]*\)", re.I)


def past_notes(text: str, year: int | None) -> list[tuple[int, int]]:
    """Where brackets tell how things were before the year planned for: "(năm 2026: 25%)"."""
    return [m.span() for m in _NOTE.finditer(text) if year and int(m["year"]) < year]


def _without_asides(text: str, year: int | None) -> str:
    """The sentence with what brackets say of the past, or of some only, blanked out."""
    for begin, end in [*past_notes(text, year), *(m.span() for m in _OF_SOME.finditer(text))]:
        text = text[:begin] + " " * (end - begin) + text[end:]
    return text


_ONLY_WHEN = re.compile(
    r"[\W\d]*(?:(?:riêng|dự kiến|phấn đấu|mục tiêu|chỉ tiêu|định hướng|đến|tới|trong|trước|vào|hết"
    r"|cuối|đầu|từ|giai đoạn|ngày|tháng|quý|năm)\b[\s,:]*)*",
    re.I,
)


def _opens_part(text: str, day: deadlines.Dated) -> bool:
    """Whether a day opens its part of the sentence ("Đến năm 2030, …; …"): then it speaks of what
    follows too; the day of another piece of work does not."""
    return _ONLY_WHEN.fullmatch(re.split(r"[;.:]\s", text[: day.start])[-1]) is not None


# "Đến năm 2028, 80% và đến năm 2030, 100%": a year just before a number is its own.
_BARE_BETWEEN = re.compile(
    r"[\s,:]*(?:(?:có|đạt|phấn đấu|tối thiểu|ít nhất|trên|khoảng|từ)\b\s*)*", re.I
)


def _inherited(node: Node, title: OwnTitle | None) -> Due:
    for steps, above in enumerate(node.upward()):
        if above is not node and above.block is not None and _opens(above):
            years = _years(above.text, heading=True)
            if years:
                sure = 0.92 if len({d.iso for d in years}) == 1 else 0.75
                return Due(years[-1].iso, above.text.strip(), sure - 0.06 * max(0, steps - 2))
        said = _said_before(above)
        if said:
            return Due(*said, 0.8)
    return _of_title(title, 0.8)


def _of_title(title: OwnTitle | None, sure: float) -> Due:
    period = _years(_own_title(title.text)) if title else []
    return Due(period[0].iso, "title period", sure) if period else Due(None)


def _opens(node: Node) -> bool:
    """Whether an item above speaks for all below it: a signed one, or a line that ends in ":"."""
    return node.kind != "text" or node.text.rstrip().endswith(":") or len(node.text) < 80


_COMPARED = re.compile(
    r"\bso (?:với|sánh với)\b[^.;,]{0,40}$|\b(?:tăng|giảm|từ)\b[^.;,]{0,30}\(\s*$"
    r"|\d\s*lần(?: so)?(?:\s+(?:của|mức))?\s*$",
    re.I,
)
_VISION = re.compile(r"^\W*(?:tầm nhìn|định hướng)\s+(?=đến|tới|năm)", re.I)


_VISION_SAID = re.compile(r"^\W*(?:tầm nhìn|định hướng)\s+(?:đến|tới)\s+năm\s+20\d\d\s*[:,]", re.I)
_ISSUED_WITH = re.compile(r"\((?:Ban hành )?kèm theo.*", re.I)


_TO_DAY = re.compile(r"\b(?:đến|hết|trước)\s(?:hết\s)?(?:ngày\s)?$", re.I)


def _days_of_heading(text: str) -> list[deadlines.Dated]:
    """ "Các chỉ tiêu cụ thể (tính đến 31/12/2026)"."""
    days = (d for d in deadlines.dates(text) if len(d.iso) == 10)
    return [d for d in days if _TO_DAY.search(text[: d.start])]


_SOURCE = re.compile(r"\((?:số liệu|nguồn|so với)[^()]*\)", re.I)


def _years(text: str, *, heading: bool = False, year: int | None = None) -> list[deadlines.Dated]:
    """The days and years by which, without those that are only compared with ("so với năm 2024").

    A heading that begins with "Tầm nhìn đến năm 2045" speaks of that year. `year` fills in that of
    a day that says none ("trong quý IV").
    """
    text = _SOURCE.sub(lambda m: " " * len(m[0]), text)
    if heading:
        text = _ISSUED_WITH.sub("", text)
    if heading or _VISION_SAID.match(text):
        text = _VISION.sub(lambda m: " " * len(m[0]), text)
    days = _days_of_heading(text) if heading else _days(text, year)
    years = [
        d
        for d in deadlines.target_years(text)
        if not any(d.start < day.end and day.start < d.end for day in days)
    ]
    found = sorted([*days, *years], key=lambda d: d.start)
    kept = [d for d in found if not _COMPARED.search(text[: d.start])]
    return _phases(text) if heading and not kept else kept


_PHASE = re.compile(r"\(\s*20\d\d\s*[-–]\s*(?P<end>20\d\d)\s*\)")


def _phases(text: str) -> list[deadlines.Dated]:
    """The period that a heading gives in brackets: "Giai đoạn 1 (2023 - 2025)"."""
    return [deadlines.Dated(m["end"], *m.span()) for m in _PHASE.finditer(text)]


_BY_DAY = re.compile(
    r"\b(?:trước|(?<!tính )(?<!nay )đến|tới|hết|chậm nhất|muộn nhất|xong|trong|vào)\s*"
    r"(?:là\s+|vào\s+|trong\s+)?(?:(?:hết|cuối)\s+)?"
    r"(?:ngày|tháng)?\s*$",
    re.I,
)


def _days(text: str, year: int | None = None) -> list[deadlines.Dated]:
    """The days, months and quarters by which: "trước ngày 31/12/2028", "đến hết tháng 6/2028"."""
    return [
        d
        for d in deadlines.dates(text, year)
        if len(d.iso) > 4
        and (
            _BY_DAY.search(text[: d.start])
            or (_SINCE.search(text[: d.start]) and not _UNTIL.match(text, d.end))
        )
    ]


# "Từ quý II/2027, 100% hồ sơ …": holds from then on; "từ ngày … đến ngày …" is due at its end.
_SINCE = re.compile(r"(?:^|[;.,]\s)(?:kể )?từ\s(?:ngày|tháng)?\s*$", re.I)
_UNTIL = re.compile(r"\s*(?:đến|tới|[-–])")


_NOT_OPENING = re.compile(rf"{PAST.pattern}|kèm theo|^\\W*(?:căn cứ|thực hiện|theo)\\b", re.I)


def _said_before(node: Node) -> tuple[str, str] | None:
    """A year in the nearest paragraph that opens the list: "Từ nay đến năm 2021, phấn đấu …:"."""
    if node.parent is None or node.parent.kind == "root":
        return None
    siblings = node.parent.children
    place = next(i for i, other in enumerate(siblings) if other is node)
    for other in reversed(siblings[:place]):
        if other.kind == "text" and other.block and not _NOT_OPENING.search(other.text[:60]):
            years = _years(other.text)
            counts = quantities.find(other.text) and not other.text.rstrip().endswith(":")
            if years and len(other.text) < 200 and not counts:
                return years[-1].iso, other.text.strip()
    return None


_OF_THE_YEAR = re.compile(r"(?<!cuối )(?<!đầu )(?<!từ )(?<!đến )\bnăm 20\d\d\s*$", re.I)


def _own_title(title: str) -> str:
    """The title without the name of another plan that is carried out: its period is not ours, but
    the year at the very end is ("… thực hiện Nghị quyết số 5-NQ/TU về … năm 2027")."""
    own, *other = re.split(
        r"(?i)\b(?:kế hoạch|nghị quyết|quyết định|chỉ thị|kết luận) số\b", title, maxsplit=1
    )
    year = _OF_THE_YEAR.search(other[0]) if other else None
    if not year or "thời hạn" in other[0] or re.search(r"20\d\d", own):
        return own
    return f"{year[0]} {own}"


_SCOPES = (
    ("each year", re.compile(r"(?:h[àằ]ng|mỗi|từng) năm|/\s*năm|năm nào", re.I)),
    ("each quarter", re.compile(r"(?:h[àằ]ng|mỗi|từng) quý", re.I)),
    ("each month", re.compile(r"(?:h[àằ]ng|mỗi|từng) tháng", re.I)),
    ("each unit", re.compile(r"\b(?:mỗi|từng)\s+[^\W\d]", re.I)),
)  # fmt: skip


# "Hằng năm, …; …; …": said once before the comma, it holds for every part of the sentence.
_OPENING = re.compile(
    r"\W*(?:Phấn đấu,?\s+)?(?:Bình quân\s+)?(?:h[àằ]ng|mỗi|từng) (?:năm|quý|tháng)\s*,", re.I
)
_EACH_UNIT = re.compile(r"/(?:xã|phường|đơn vị|huyện|thôn|bản|cơ quan|trường|khu)\b")
_NO_SCOPE = re.compile(
    r"(?:trợ cấp|hưu trí xã hội|lương|phụ cấp) h[àằ]ng (?:tháng|quý|năm)"
    r"|(?:đầu người|đồng/người)/năm|từng bước|từng phần|từng giai đoạn"
)


def scope(text: str, begin: int, end: int, quantity: Quantity) -> str | None:
    """Where the value holds for each year, each unit …; parts take it from the total."""
    if quantity.unit and _EACH_UNIT.search(quantity.unit):
        return "each unit"
    clause = _NO_SCOPE.sub("", _speaking(text, begin, end, quantity))
    found = next((name for name, pattern in _SCOPES if pattern.search(clause)), None)
    opening = _OPENING.match(re.split(r"\.\s+(?=[^\W\d])", text[: quantity.start])[-1])
    if found is None and opening and not _years(text[begin:end]):
        return next(name for name, pattern in _SCOPES if pattern.search(opening[0]))
    own = re.split(r"\.\s+(?=[^\W\d])", text[: quantity.start])[-1]
    total = re.match(r".*?trong đó", own)
    if found is None and total:
        head = _NO_SCOPE.sub("", total[0])
        found = next((name for name, pattern in _SCOPES if pattern.search(head)), None)
    return found


_ANOTHER = re.compile(r",\s(?:mỗi|từng)\s(?!năm|quý|tháng|tuần).*", re.I)
_ASIDE = re.compile(r"\([^()]*\)")


def _speaking(text: str, begin: int, end: int, quantity: Quantity) -> str:
    """The words of a clause that speak of its quantity: without what is said aside in brackets,
    and without what each of the things counted is to have ("70% trường …, mỗi trường có …")."""
    before, after = text[begin : quantity.start], text[quantity.end : end]
    value = text[max(begin, quantity.start) : quantity.end]
    return _ASIDE.sub("", before) + value + _ANOTHER.sub("", _ASIDE.sub("", after))


def is_soft(text: str, at: int) -> bool:
    """Whether it is only striven for (phấn đấu, hướng tới, dự kiến), misspelt or not."""
    return bool(re.search(r"phan dau|huong toi|du kien", fold(text[: at or 60])))


def baseline(text: str, quantity: Quantity) -> Decimal | None:
    """The level it starts from: 23 in "giảm từ 23 ca xuống 18 ca"."""
    said = re.search(
        r"\btừ\s+(?P<from>\d[\d.,]*)[^.;]{0,80}?\b(?:xuống|lên)\s+"
        r"(?:(?:còn|dưới|trên|khoảng|mức|đạt|tối thiểu|ít nhất)\s+)*$",
        text[: quantity.number_at],
    )
    return parse_number(said["from"].rstrip(".,")) if said else None


_LEAD_IN = re.compile(
    r"^(?:[-+•]\s*|(?:ph[ấâ]n đ[ấầ]u|dự kiến"
    r"|(?:đến|trước|trong|hết)\s+(?:hết\s+|cuối\s+)?"
    r"(?:ngày\s+\d{1,2}/\d{1,2}/\d{4}|tháng\s+\d{1,2}/\d{4}|quý\s+[IVX\d]+/\d{4})"
    r"|đến (?:hết |cuối )?năm \d{4}|năm "
    r"\d{4}|có|đạt|hướng tới|đảm bảo|bảo đảm)\b[\s,:]*)+",
    re.I,
)


def subject(clause: str, span: tuple[int, int] | None) -> str:
    """What the number is of: the clause without comparator, value and unit."""
    text = clause if span is None else f"{clause[: span[0]]} {clause[span[1] :]}"
    text = _bare(re.sub(r"\s+", " ", quantities.without_latex(text)))
    text = _bare(_LEAD_IN.sub("", text))
    text = _bare(re.sub(r"\s+(?:đạt|là|tối thiểu|ít nhất|trên|dưới|hướng tới)$", "", text))
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _bare(text: str) -> str:
    """Without marks at the ends; a bracket stays where its partner is inside."""
    text = text.strip(" .;,:")
    while text[:1] in ("(", ")") and text.count("(") != text.count(")"):
        text = text[1:].strip(" .;,:")
    while text[-1:] in ("(", ")") and text.count("(") != text.count(")"):
        text = text[:-1].strip(" .;,:")
    return text


def section_of(node: Node) -> str | None:
    """The id of the nearest heading; None outside all of them."""
    section = node.section()
    return section.id if section else None
