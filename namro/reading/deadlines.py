"""Deadlines as officials write them → ISO day, month, year, or "ongoing"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from namro.terms import ONGOING
from namro.vietnamese import fold

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_DAY = re.compile(
    r"(?<![\d/])(?P<d>\d{1,2})\s*[/.-]\s*(?P<m>\d{1,2})(?:\s*[/.-]\s*(?P<y>\d{4}))?(?![\d/])"
    r"|(?:ngày\s+)?(?<!\d)(?P<d2>\d{1,2})\s+tháng\s+(?P<m2>\d{1,2})(?:\s*,?\s+năm\s+(?P<y2>\d{4}))?",
    re.I,
)
_SHORT_YEAR = re.compile(r"(?<![\d/])(\d{1,2}/\d{1,2}/)(\d{2})(?![\d/])")
_NAMED_MONTHS = (
    ("mười một", "11"), ("mười hai", "12"), ("giêng", "1"), ("chạp", "12"), ("hai", "2"),
    ("ba", "3"), ("tư", "4"), ("năm", "5"), ("sáu", "6"), ("bảy", "7"), ("tám", "8"),
    ("chín", "9"), ("mười", "10"),
)  # fmt: skip
_NAMED_MONTH = re.compile(
    rf"tháng\s+({'|'.join(name for name, _ in _NAMED_MONTHS)})(?=\s+năm\s+\d{{4}}|/\d{{4}})", re.I
)
_MONTH = re.compile(
    r"(?:tháng\s*)(?P<m>\d{1,2})\s*(?:[/-]|\s+năm\s+)\s*(?P<y>\d{4})"
    r"|(?<![\d/.])(?P<m2>\d{1,2})\s*/\s*(?P<y2>\d{4})(?!\d)"
    r"|tháng\s+(?P<m3>\d{1,2})(?!\s*(?:[/-]|năm|\d))"
    r"|(?<!\w)T\.?\s?(?P<m4>\d{1,2})\s*[/.-]\s*(?P<y4>\d{4})(?!\d)",
    re.I,
)
_QUARTER = re.compile(
    r"(?:\bqu[ýíyi]\s*(?:(?:IV|III|II|I|[1-4])\s*(?:,|và|-|–|đến)\s*(?:qu[ýíyi]\s*)?)*|\bQ)"
    r"(?P<q>IV|III|II|I|[1-4])\b(?:\s*[,/-]?\s*(?:năm\s*)?(?P<y>\d{4}))?"
    r"|(?<![\w/])(?P<q2>IV|III|II|I)\s*/\s*(?P<y2>\d{4})",
    re.I,
)
_HALF = re.compile(r"(?:0?6|sáu) tháng (?P<h>đầu|cuối) năm(?:\s*(?P<y>\d{4}))?", re.I)
_YEAR = re.compile(r"(?<![\d/.])(?P<y>20\d{2})(?![\d/])")
_STANDING = re.compile(
    r"th[ưu][ờo]ng xuyen|h[aă]ng (?:nam|thang|quy|tuan|ngay)|dinh ky|moi (?:nam|quy|thang)|"
    r"(?:nam|nhung nam|cac nam) (?:tiep theo|ke tiep|sau)"
    r"|(?:thang|quy) (?:tiep theo|ke tiep|sau)\b|tro di|lien tuc|theo ky|dai han"
    r"|\blan\s*/\s*(?:nam|quy|thang|tuan)"
    r"|^\W*\d+ \w+(?: \w+)?\s*/\s*(?:nam|quy|thang|tuan)\b"
    r"|\b(?:mot|1|01) (?:nam|quy|thang|tuan) (?:mot|\d+) lan"
)
_FROM = re.compile(r"^\s*(?:ke )?tu (?:ngay|thang|nam|quy|\d)")


@dataclass(frozen=True)
class Dated:
    """A date found in a text: ISO, and where it is written."""

    iso: str
    start: int
    end: int


def iso_of(written: str, year: int | None = None) -> str | None:
    """A deadline cell or clause as ISO; None when it hangs on an event or says nothing.

    `year` fills in a year that is not said ("trước ngày 15/11").

    >>> iso_of("Quý IV/2025- Quý II/2026"), iso_of("Thường xuyên"), iso_of("6/2025")
    ('2026-06', 'ongoing', '2025-06')
    """
    written = _whole_dates(written)
    key = fold(written)
    if re.search(r"\d+ (?:ngay|thang|tuan)(?: lam viec)?,? (?:ke tu|sau|tinh tu)", key):
        return None
    if _STANDING.search(key):
        return ONGOING
    found = list(dates(written, year))
    if _FROM.match(key) and "den" not in key.split() and "-" not in key:
        return ONGOING if found or re.search(r"\d", key) else None
    if not found and re.search(r"\b(?:trong|cuoi|het|ca) nam\b(?! \d)", key):
        return str(year) if year else None
    return found[-1].iso if found else None


_MONTHS = re.compile(r"(tháng\s+\d{1,2})\s*[-–]\s*(?=\d{1,2}(?![\d/]))", re.I)  # "tháng 3 - 10"


def _whole_dates(written: str) -> str:
    """Months said in words as figures, years of two figures in full ("30/6/26")."""
    names = dict(_NAMED_MONTHS)
    written = _MONTHS.sub(r"\1 đến tháng ", written)
    written = _NAMED_MONTH.sub(lambda m: f"tháng {names[m[1].lower()]}", written)
    return _SHORT_YEAR.sub(r"\g<1>20\2", written)


def dates(text: str, year: int | None = None) -> Iterator[Dated]:
    """Every date in a text, in order, finest reading first."""
    taken = impossible_days(text)
    out: list[Dated] = []
    for pattern, read in ((_DAY, _day), (_QUARTER, _quarter), (_HALF, _half), (_MONTH, _month)):
        for found in pattern.finditer(text):
            if pattern is _DAY and re.search(r"tháng\s*$", text[: found.start()], re.I):
                continue  # "tháng 9-10/2026" is two months
            iso = read(found, _next_year(text, found.end()) or year)
            if iso and not any(a < found.end() and found.start() < b for a, b in taken):
                taken.append(found.span())
                out.append(Dated(iso, *found.span()))
    for found in _YEAR.finditer(text):
        if not any(a <= found.start() < b for a, b in taken):
            out.append(Dated(found["y"], *found.span()))
    return iter(sorted(out, key=lambda d: d.start))


def _next_year(text: str, at: int) -> int | None:
    """The year of a later date in the same list: "26, 27/12/2011", "28/12 và 29/12/2011"."""
    later = re.match(r"[^;.]{0,30}?\d{1,2}/\d{1,2}/(\d{4})", text[at:])
    return int(later[1]) if later else None


def _day(found: re.Match[str], year: int | None) -> str | None:
    day, month = int(found["d"] or found["d2"]), int(found["m"] or found["m2"])
    said = found["y"] or found["y2"] or (str(year) if year else None)
    if not said or not _exists(day, month, int(said)):
        return None
    return f"{said}-{month:02d}-{day:02d}"


def _exists(day: int, month: int, year: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def impossible_days(text: str) -> list[tuple[int, int]]:
    """Where a day is written that no calendar has: "31/6/2027", "ngày 30 tháng 2".

    A day without a year counts only behind "ngày" ("31/6" alone may be a ratio), in a leap year.

    >>> impossible_days("đến ngày 31/6/2027"), impossible_days("trước ngày 29/2/2028")
    ([(9, 18)], [])
    """
    found: list[tuple[int, int]] = []
    for m in _DAY.finditer(text):
        day, month = int(m["d"] or m["d2"]), int(m["m"] or m["m2"])
        said = m["y"] or m["y2"]
        before = text[: m.start()].rstrip().lower()
        sure = m["d2"] or before.endswith("ngày") or (said and not before.endswith("số"))
        if sure and day and month and not _exists(day, month, int(said or 2024)):
            found.append(m.span())
    return found


def _month(found: re.Match[str], year: int | None) -> str | None:
    month = int(found["m"] or found["m2"] or found["m3"] or found["m4"])
    said = found["y"] or found["y2"] or found["y4"] or (str(year) if year else None)
    return f"{said}-{month:02d}" if said and 1 <= month <= 12 else None


def _quarter(found: re.Match[str], year: int | None) -> str | None:
    said = found["y"] or found["y2"] or (str(year) if year else None)
    return f"{said}-{_ROMAN[(found['q'] or found['q2']).lower()] * 3:02d}" if said else None


def _half(found: re.Match[str], year: int | None) -> str | None:
    said = found["y"] or (str(year) if year else None)
    return f"{said}-{'06' if found['h'].lower() == 'đầu' else '12'}" if said else None


# A date in running text is a deadline only behind words that make it one.
_CUE = re.compile(
    r"(?:(?:chậm nhất|muộn nhất|hoàn thành|xong|kết thúc|gửi về|báo cáo)[^.;:]{0,60}?)?"
    r"(?P<cue>trước(?= ngày| tháng| \d| quý \w| năm \d| hết)"
    r"|(?:không|chưa) (?:chậm|muộn) hơn|chậm nhất|muộn nhất|xong trong|từ nay đến(?= h| n| c)"
    r"|hoàn thành "
    r"trong|hoàn thành (?=năm|quý|tháng|trước)|"
    r"từ ngày(?=[^.;]{3,30}đến)|trong (?=tháng \d|quý|năm 20\d\d)|"
    r"vào (?=quý|tháng \d|ngày \d"
    r"|(?:tuần (?:đầu|cuối|thứ \w+)|đầu|giữa|cuối)(?: của)? (?:tháng|quý))|"
    r"dự kiến (?=(?:vào |trong )?(?:ngày|tháng|quý) [\dIV])|"
    r"tại (?=(?:kỳ họp|phiên họp|hội nghị)[^.;]{0,40}(?:tháng \d|năm 20\d\d))|"
    r"(?:(?<=sơ kết )|(?<=tổng kết )|(?<=giữa kỳ )|(?<=cuối kỳ ))"
    r"vào (?=(?:cuối |đầu |giữa )?năm 20\d\d)|"
    r"đến hết (?=ngày|tháng|quý|năm)|"
    r"đến (?=ngày \d)|"
    r"(?:(?<=hoàn thành )|(?<=dứt điểm )|(?<=xong ))trong (?=giai đoạn 20\d\d)|"
    r"(?<=hoàn thành )đến)",
    re.I,
)
_CADENCE = re.compile(
    r"(?P<open>^\W*(?:[Tt]hường xuyên|[Đđ]ịnh kỳ(?: h[àằ]ng (?:năm|tháng|quý)"
    r"|,? (?:\d{1,2}|một|sáu) (?:tháng|năm|tuần))?|[Hh][àằ]ng "
    r"(?:năm|tháng|quý|tuần)))"
    r"|(?P<regular>[Đđ]ịnh kỳ,?\s+(?:trước[^.;]{3,60}?\s+)?h[àằ]ng (?:năm|tháng|quý|tuần))"
    r"|(?P<report>(?<=báo cáo )[^.;]{0,90}?\bh[àằ]ng (?:năm|tháng|quý))"
    r"|(?P<alone>(?<=[;,.] )(?:thường xuyên|định kỳ)(?=[;,.]))"
    r"|(?P<part>(?<=; )h[àằ]ng (?:năm|tháng|quý|tuần)(?=[ ,]))"
    r"|(?P<last>(?<=[;,.] )(?:(?:[Tt]hực hiện|[Cc]ập nhật|[Bb]áo cáo|[Tt]riển khai)\s+)"
    r"h[àằ]ng (?:năm|tháng|quý|tuần)(?=\s*(?:[.;]|$)))"
    r"|(?P<clause>(?:(?<=[;,.] )|(?<=\())(?:[Đđ]ược\s+)?(?:[Tt]hực hiện|[Tt]riển khai|[Dd]uy trì)"
    r"\s+thường xuyên(?:,? liên tục)?(?=\s*(?:[;.)]|$)))"
    r"|(?P<term>[Đđ]ịnh kỳ,?\s*\(?(?:\d{1,2}|một|hai|ba|sáu) (?:tuần|tháng|năm))"
    r"|(?P<times>(?:(?:mỗi|một)|\d{1,2}) (?:năm|quý|tháng|tuần) (?:một|hai|\d+) lần"
    r"|\d+ lần/(?:năm|quý|tháng|tuần))"
    r"|(?P<on>(?:vào |trước )?(?:ngày \d{1,2}|(?:chiều |sáng )?thứ \w+)"
    r" h[àằ]ng (?:tháng|tuần|quý))"
    r"|(?P<within>(?:trước |vào |chậm nhất )?ngày \d{1,2} (?:của )?tháng (?:cuối|đầu) (?:mỗi )?quý"
    r"(?!\s*[\dIV]))"
    r"|(?P<each>^\W*[Mm]ỗi (?:năm|quý|tháng|tuần)(?=[, ]))"
    r"|(?P<done>(?<!\w)(?:tổ chức|kiểm tra|đánh giá|sơ kết|tổng kết|rà soát|cập nhật|công bố"
    r"|giám sát)[^.;,]{0,60}\bh[àằ]ng (?:năm|quý|tháng)(?=\s*(?:[.;,)]|$)))"
    r"|(?P<span>[Tt]ừ ngày[^.;]{5,50}?\bh[àằ]ng năm)"
    r"|(?P<before>[Tt]rước[^.;]{3,40}h[àằ]ng (?:năm|tháng|quý|tuần|ngày)(?:\s*\([^)]*\))?)",
)
_STOP = re.compile(
    r"[;.](?:\s|$)|,?\s+(?:để|nhằm|theo|về|gửi|cho|với|của|tại|trên|các|và các|kết quả)\s"
)


# "Ngày 16/11/2026: họp Đoàn" – the day a step is done on stands before it.
_DAY_FIRST = re.compile(
    r"\s*(?P<when>(?:(?:[Ss]áng|[Cc]hiều|[Tt]ừ|[Tt]rong)\s+)?[Nn]gày\s+\d{1,2}[\d/., –-]*"
    r"(?:(?:đến|và)\s+(?:ngày\s+)?\d{1,2}[\d/., –-]*)?)\s*:"
)


_LABELLED = re.compile(
    r"(?:[.;,(]\s*)[Tt]h[ờơ]i (?:gian|hạn)(?: thực hiện| hoàn thành)?"
    r"(?:\s*:\s*(?P<when>[^;.()]{3,60})"
    r"|\s+(?P<bare>(?:trước |ngày |quý |tháng (?=\d)|(?=\d{1,2}/\d))[^;.(),]{2,40}))"
)


def in_sentence(text: str, year: int | None = None) -> tuple[str, str | None] | None:
    """The deadline said inside a sentence: as written, and as ISO; None where it says none."""
    first = _DAY_FIRST.match(text)
    if first:
        return first["when"].strip(), iso_of(first["when"], year)
    labelled = _LABELLED.search(text)
    said = (labelled["when"] or labelled["bare"]) if labelled else ""
    if said and (iso := iso_of(said, year)):
        return said.strip(" ,."), iso
    cadence = _CADENCE.search(text)
    dated = _dated(text, year)
    if cadence and cadence["times"] and dated:
        return dated[:2]  # "khám ít nhất 01 lần/năm, hoàn thành trong quý III"
    if cadence and not (dated and re.search(r"[;.]\s", text[dated[2] : cadence.start()])):
        start, end = cadence.span()
        if cadence["report"] or cadence["done"]:
            last = list(re.finditer(r"(?:định kỳ )?h[àằ]ng (?:năm|tháng|quý)", cadence[0]))[-1]
            start, end = start + last.start(), start + last.end()
        start, end = _with_day(text, start, end)
        return text[start:end].strip(" ,.;"), ONGOING
    return dated[:2] if dated else None


_DAY_BEFORE = re.compile(
    r"(?:trước|chậm nhất|muộn nhất|vào)\s(?:là\s)?(?:ngày|\d)[^.;:)]{0,90}$", re.I
)
_DAY_BEHIND = re.compile(
    r"\s*,?\s*(?:trước|chậm nhất|muộn nhất|vào)\s(?:là\s)?(?:trước\s)?(?:ngày\s)?\d{1,2}"
    r"(?:/\d{1,2})?(?:\s(?:của\s)?tháng\s(?:(?:cuối|đầu)\s(?:quý|năm)|sau|tiếp theo|\d{1,2}))?",
    re.I,
)


def _with_day(text: str, start: int, end: int) -> tuple[int, int]:
    """A cadence together with its day: "trước ngày 15/12 hằng năm", "hằng quý, trước ngày 20"."""
    if not re.search(r"\d", text[start:end]):
        before = _DAY_BEFORE.search(text[:start])
        behind = _DAY_BEHIND.match(text, end)
        start = before.start() if before else start
        end = behind.end() if behind and not before else end
    return start, end


_NEXT_YEAR = re.compile(r"\s*(?:của\s)?(?:năm|quý|tháng) (?:sau|kế tiếp|tiếp theo)\b")


def _dated(text: str, year: int | None) -> tuple[str, str | None, int] | None:
    """The first day, month or year behind a word that makes it a deadline, and where it ends."""
    staged = _STAGED.search(text)
    for cue in _CUE.finditer(text):
        start = cue.start("cue")
        if staged and start >= staged.start():
            break
        tail = text[start:][:70]
        stop = _STOP.search(tail)
        clause = tail[: stop.start()] if stop else tail
        found = _run(clause, list(dates(clause, year)))
        if found:
            end = max(d.end for d in found)
            next_year = _NEXT_YEAR.match(text, start + end)
            end = next_year.end() - start if next_year else end
            written = text[start : start + end].strip(" ,.;")
            return written, iso_of(written, year), start + end
        wrong = impossible_days(clause)
        if wrong:
            return clause[: wrong[-1][1]].strip(" ,.;"), None, start + wrong[-1][1]
    return _both_stages(staged) if staged else None


_STAGE = (
    r"(?:(?:vào|trong)\s)?(?:(?:cuối|đầu|giữa|hết)\s)?"
    r"(?:(?:quý\s(?:IV|III|II|I)|tháng\s\d{1,2})(?:\s?/\s?|\snăm\s)|năm\s)?20\d\d(?![\d/])"
)
# "sơ kết vào năm 2028, tổng kết năm 2030": one duty, due when its last stage is. Of one alone
# ("tổng kết năm 2025") the year may be what is looked back on.
_STAGED = re.compile(
    rf"sơ kết(?![\wà-ỹ])[^.;]{{0,60}}?\s(?P<when>(?P<first>{_STAGE})[^.]{{0,60}}?"
    rf"(?<![\wà-ỹ])tổng kết(?![\wà-ỹ])[^.;]{{0,60}}?\s(?P<last>{_STAGE}))",
    re.I,
)


def _both_stages(staged: re.Match[str]) -> tuple[str, str | None, int] | None:
    """A duty of two stages: both as written, due at the last; None where that comes first."""
    first, last = iso_of(staged["first"]), iso_of(staged["last"])
    return (staged["when"], last, staged.end()) if first and last and first < last else None


_GOES_ON = re.compile(
    r"\s*(?:,|;|và|-|–|đến|hoặc)?\s*(?:(?:trước|hết|ngày|tháng|quý|năm|cả|chậm nhất)\s*)*$"
)


def _run(clause: str, found: list[Dated]) -> list[Dated]:
    """The first date of a clause and those listed with it, not the next step's."""
    for i, date_ in enumerate(found[1:], start=1):
        if not _GOES_ON.match(clause[found[i - 1].end : date_.start]):
            return found[:i]
    return found


_PERIOD = re.compile(
    r"(?:giai đoạn|thời kỳ|nhiệm kỳ|năm học)\s*(?:từ\s*)?(?:năm\s*)?(?P<a>\d{4})\s*(?:-|–"
    r"|đến(?: năm)?)\s*(?P<b>\d{4})",
    re.I,
)
_BY_YEAR = re.compile(
    r"(?:đến|vào|trong|hết|tới|cuối|từ|phấn đấu|,|;|^|\()?\s*(?:hết\s+"
    r"|cuối\s+)?năm\s+(?P<y>20\d{2})"
    r"|(?:^|[(:])\s*(?P<y2>20\d{2})\s*[):]|đến\s+(?P<y3>20\d{2})\b",
    re.I,
)
_NOT_DUE = re.compile(
    r"(?:so với|so sánh|giá|kể từ|so|cùng kỳ|thực hiện|tầm nhìn|tầm nhìn đến|định "
    r"hướng đến|định hướng|kết quả)\s*$",
    re.I,
)


def target_years(text: str) -> list[Dated]:
    """The years by which something is to be reached, in order, with where they stand."""
    found = [Dated(m["b"], *m.span()) for m in _PERIOD.finditer(text)]
    for m in _BY_YEAR.finditer(text):
        inside = any(d.start <= m.start() < d.end for d in found)
        if not inside and not _NOT_DUE.search(text[: m.start()].rstrip(" ,(")):
            found.append(Dated(m["y"] or m["y2"] or m["y3"], *m.span()))
    return sorted(found, key=lambda d: d.start)
