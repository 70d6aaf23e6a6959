"""The dated rules of form, Party and State, each with the clause it rests on.

Sizes are in points, lengths in millimetres. State: Decree 30/2020/NĐ-CP, Appendix I, part I, with
the number of the section; in force since 5 March 2020. Party: Hướng dẫn 36-HD/VPTW of 3 April
2018, replaced by Hướng dẫn 05-HD/VPTW of 27 May 2026.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

DECREE = "Nghị định số 30/2020/NĐ-CP, Phụ lục I"


@dataclass(frozen=True)
class Rule:
    """One rule: its code, name, and what the Party and the State form ask."""

    code: str
    title: str
    party: str | None
    state: str | None


RULES = (
    Rule("FORM_PAPER", "Khổ giấy", "A4 (210 × 297 mm)", "A4 (210 × 297 mm); mục I.1"),
    Rule("FORM_MARGINS", "Lề trang", "trên 20, dưới 20, trái 30, phải 15 mm",
         "trên, dưới 20–25; trái 30–35; phải 15–20 mm; mục I.3"),
    Rule("FORM_FONT", "Phông chữ", "Times New Roman", "Times New Roman; mục I.4"),
    Rule("FORM_PAGE_NUMBER", "Số trang", "giữa, phía trên, cỡ 14, không ghi ở trang đầu",
         "giữa, trong lề trên, cỡ 13–14, không ghi ở trang đầu; mục I.7"),
    Rule("FORM_HEADING", "Tiêu đề, Quốc hiệu", "“ĐẢNG CỘNG SẢN VIỆT NAM”, cỡ 15, đậm",
         "“CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM”, cỡ 12–13, đậm; mục II.1"),
    Rule("FORM_MOTTO", "Tiêu ngữ", None,
         "“Độc lập - Tự do - Hạnh phúc”, cỡ 13–14, đậm; mục II.1"),
    Rule("FORM_STAR", "Dấu sao dưới tên cơ quan ban hành", "một dấu “*” trên dòng riêng", None),
    Rule("FORM_NUMBER", "Số và ký hiệu", "“Số 15-KH/ĐU”: không có dấu hai chấm, cỡ 14",
         "“Số: 05/KH-UBND”: có dấu hai chấm, số dưới 10 thêm số 0, cỡ 13; mục II.3"),
    Rule("FORM_PLACE_DATE", "Địa danh, ngày tháng",
         "“Lai Châu, ngày 03 tháng 9 năm 2026”, nghiêng, cỡ 14",
         "“Lai Châu, ngày 03 tháng 9 năm 2026”, nghiêng, cỡ 13–14; mục II.4"),
    Rule("FORM_KIND", "Tên loại văn bản", "chữ in hoa, đậm, cỡ 15–16, ở giữa",
         "chữ in hoa, đậm, cỡ 13–14, ở giữa; mục II.5"),
    Rule("FORM_TITLE", "Trích yếu", "đậm, cỡ 14–15, ở giữa; dưới có năm dấu “-----”",
         "đậm, cỡ 13–14, ở giữa; mục II.5"),
    Rule("FORM_BASES", "Căn cứ ban hành", "chữ đứng, mỗi căn cứ mở đầu bằng gạch đầu dòng",
         "chữ nghiêng, cuối dòng dấu “;”, dòng cuối dấu “.”; mục II.6"),
    Rule("FORM_BODY", "Cỡ chữ nội dung", "14–15", "13–14; mục II.6"),
    Rule("FORM_ALIGNMENT", "Canh lề nội dung", "đều hai bên", "đều hai bên; mục II.6"),
    Rule("FORM_SPACING", "Giãn dòng", "chính xác từ 18 pt trở lên",
         "từ dòng đơn đến 1,5 dòng; mục II.6"),
    Rule("FORM_AUTHORITY", "Thẩm quyền ký", "T/M, K/T, T/L (gạch chéo)",
         "TM., KT., TL., TUQ. (dấu chấm); mục II.7"),
    Rule("FORM_RECIPIENTS", "Nơi nhận", "mỗi nơi một gạch đầu dòng, dòng cuối “Lưu …”",
         "mỗi nơi một gạch đầu dòng và dấu “;”, dòng cuối “- Lưu: VT, …”; mục II.9"),
    Rule("FORM_END", "Kết thúc nội dung", "dấu “.”", "dấu “./.” theo mẫu trình bày"),
)  # fmt: skip
_BY_CODE = {rule.code: rule for rule in RULES}


@dataclass(frozen=True)
class Part:
    """How a part of the paper must look: sizes from–to; None where the form does not say."""

    code: str
    name: str
    least: float
    most: float
    bold: bool | None = None
    italic: bool | None = None
    centred: bool | None = None
    upper: bool | None = None


@dataclass(frozen=True)
class Form:
    """All rules of one form, in force from `from_on`. Margins: (least, most) in millimetres."""

    family: str  # "party" or "state"
    from_on: date
    source: str
    top: tuple[float, float]
    bottom: tuple[float, float]
    left: tuple[float, float]
    right: tuple[float, float]
    parts: dict[str, Part]
    page_number: tuple[float, float]
    recipients_mark: str

    def clause(self, code: str) -> str:
        """Where the rule stands: "Nghị định …, mục II.3: …"."""
        rule = _BY_CODE[code]
        asked = rule.party if self.family == "party" else rule.state
        return f"{self.source}: {asked}"


def _parts(*parts: tuple[str, Part]) -> dict[str, Part]:
    return dict(parts)


_STATE = Form(
    "state",
    date(2020, 3, 5),
    DECREE,
    (20, 25), (20, 25), (30, 35), (15, 20),
    _parts(
        ("heading", Part("FORM_HEADING", "Quốc hiệu", 12, 13, bold=True, upper=True)),
        ("motto", Part("FORM_MOTTO", "Tiêu ngữ", 13, 14, bold=True)),
        ("number", Part("FORM_NUMBER", "Số, ký hiệu", 13, 13, bold=False)),
        ("place_date", Part("FORM_PLACE_DATE", "Địa danh, ngày tháng", 13, 14, italic=True)),
        ("kind", Part("FORM_KIND", "Tên loại", 13, 14, bold=True, centred=True, upper=True)),
        ("title", Part("FORM_TITLE", "Trích yếu", 13, 14, bold=True, centred=True)),
        ("bases", Part("FORM_BASES", "Căn cứ ban hành", 13, 14, italic=True)),
        ("body", Part("FORM_BODY", "Nội dung", 13, 14)),
        ("recipients_head", Part("FORM_RECIPIENTS", "“Nơi nhận:”", 12, 12, bold=True, italic=True)),
        ("recipients", Part("FORM_RECIPIENTS", "Các nơi nhận", 11, 11)),
    ),
    (13, 14),
    ";",
)  # fmt: skip
_PARTY = Form(
    "party",
    date(2018, 4, 3),
    "Hướng dẫn số 36-HD/VPTW ngày 03/4/2018",
    (20, 20), (20, 20), (30, 30), (15, 15),
    _parts(
        ("heading", Part("FORM_HEADING", "Tiêu đề", 15, 15, bold=True, upper=True)),
        ("number", Part("FORM_NUMBER", "Số, ký hiệu", 14, 14, bold=False)),
        ("place_date", Part("FORM_PLACE_DATE", "Địa danh, ngày tháng", 14, 14, italic=True)),
        ("kind", Part("FORM_KIND", "Tên loại", 15, 16, bold=True, centred=True, upper=True)),
        ("title", Part("FORM_TITLE", "Trích yếu", 14, 15, bold=True, centred=True)),
        ("bases", Part("FORM_BASES", "Căn cứ ban hành", 14, 15, italic=False)),
        ("body", Part("FORM_BODY", "Nội dung", 14, 15)),
        ("recipients_head", Part("FORM_RECIPIENTS", "“Nơi nhận:”", 14, 14, bold=False)),
        ("recipients", Part("FORM_RECIPIENTS", "Các nơi nhận", 12, 12)),
    ),
    (14, 14),
    ",",
)  # fmt: skip
FORMS = (
    _STATE,
    _PARTY,
    replace(
        _PARTY,
        from_on=date(2026, 5, 27),
        source="Hướng dẫn số 05-HD/VPTW ngày 27/5/2026",
        recipients_mark=";",
    ),
)


def form_for(family: str, on: str | None) -> Form | None:
    """The form in force on a day (ISO, or a part of it); the newest for an undated draft; None
    for a day before the first form known here."""
    known = [form for form in FORMS if form.family == family]
    in_force = [f for f in known if on is None or f.from_on.isoformat()[: len(on)] <= on]
    return max(in_force, key=lambda form: form.from_on) if in_force else None
