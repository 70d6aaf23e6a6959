"""The library → docs/measures.md: how each target is measured, in Vietnamese, for officials."""

from __future__ import annotations

from collections.abc import Iterable

from namro.measuring.conditions import describe
from namro.measuring.definitions import Count, Element, Example, Library, Measure, terms_of
from namro.measuring.explain import explain
from namro.measuring.marks import MARK_LABELS, Mark
from namro.terms import Calendar, Period
from namro.vietnamese import capitalised, format_number

_KINDS = {
    "ratio": "tỷ lệ",
    "level": "số công bố",
    "milestone": "cột mốc",
    "share_of_units": "tỷ lệ đơn vị đạt",
    "combined": "kết hợp",
}
_OVER = {
    "period": "số phát sinh trong kỳ",
    "latest": "số mới nhất còn hiệu lực",
    "year_to_date": "lũy kế từ đầu năm",
}
_FREQUENCY = {"month": "hằng tháng", "quarter": "hằng quý", "half": "6 tháng", "year": "hằng năm"}
_CALENDAR = {
    Calendar.ADMINISTRATIVE: "từ ngày 15 tháng trước đến ngày 14",
    Calendar.CALENDAR: "theo tháng dương lịch",
}
_SCOPE = {
    "COMMUNE": "xã",
    "WARD": "phường",
    "DEPARTMENT": "sở, ban, ngành",
    "PROVINCE": "một cơ quan báo cáo cho toàn tỉnh",
    "COMMUNE_PARTY_COMMITTEE": "đảng ủy xã, phường",
}
_HEAD = """\
# Cách đo các chỉ tiêu

Tệp này sinh ra từ thư viện cách đo (`namro/measuring/library`), không sửa bằng tay.
Mỗi cách đo có một câu giải thích, những điều phải xác định rõ vì làm thay đổi con số, số liệu phải
báo cáo và ví dụ tính mẫu. Các ví dụ là bài kiểm thử: phần mềm phải tính đúng như dưới đây.

Quy tắc chung: chỉ cộng tử số và mẫu số từ dưới lên, không cộng và không lấy trung bình các tỷ lệ.
Đơn vị chưa có số liệu không được tính vào tỷ lệ gộp, nhưng tính là chưa đạt trong tỷ lệ đơn vị đạt.
Đơn vị chưa báo cáo kỳ đến hạn mà số kỳ trước còn hiệu lực thì tạm tính theo số đó, nhưng không kể
là đã báo cáo; kỳ đến hạn là kỳ trọn vẹn gần nhất theo tần suất báo cáo của cách đo.
Đạt hay chưa đạt xét trên số chính xác, không xét trên số đã làm tròn.
Theo lịch từ ngày 15 đến ngày 14, năm báo cáo bắt đầu từ 15 tháng 12 năm trước: lũy kế 6 tháng đến
14 tháng 6, 9 tháng đến 14 tháng 9, cả năm đến 14 tháng 12.

Số ít: cách đo đếm người có thể đặt ngưỡng `small_below`; số đếm lớn hơn 0 và dưới ngưỡng (tử
số, phần còn lại hoặc mẫu số) không công bố, kể cả khi suy ra được bằng phép trừ: tổng trừ các
đơn vị bên cạnh, lũy kế tháng sau trừ tháng trước, quý trừ các tháng, hai thời điểm chốt số
liệu, danh mục đơn vị cũ và mới. Khi đó đơn vị bên cạnh, tổng, kỳ sau hoặc kỳ dài hơn cũng ghi
“không công bố (số ít)”. Giới hạn: người ghi lại số từng ngày vẫn thấy phần tăng thêm giữa hai
ngày; số mới nhất còn hiệu lực (danh sách) không giấu mức tăng giảm; cách đo khác dùng cùng số
đếm phải đặt cùng ngưỡng; bản nộp của đơn vị cho người được mở bản nộp thấy số đơn vị đã ghi.
"""


def write_docs(library: Library) -> str:
    """The page as Markdown, measures in the order of the library."""
    sections = [
        "\n".join(_section(number, measure, library))
        for number, measure in enumerate(library.measures.values(), start=1)
    ]
    return "\n".join([_HEAD, *sections])


def _section(number: int, measure: Measure, library: Library) -> Iterable[str]:
    yield f"## {number}. {measure.title}\n"
    yield f"{explain(measure)}\n"
    yield from _facts(measure)
    yield "\n**Số liệu cần có**\n"
    yield from _sources(measure, library)
    yield "\n**Điều phải xác định rõ**\n"
    for choice in measure.choices:
        others = "; ".join(_lower(o) for o in choice.others)
        yield f"- {choice.question} **{choice.chosen}** {choice.why} (Cách khác: {others}.)"
    yield "\n**Ví dụ tính mẫu**"
    for example in measure.examples:
        yield from _example(example, measure, library)
    yield ""


def _facts(measure: Measure) -> Iterable[str]:
    kind, over = _KINDS[measure.kind], _OVER[measure.over]
    yield f"- Mã: `{measure.slug}`; loại: {kind}; đơn vị tính: {measure.unit_of_measure}"
    reporters = ", ".join(_SCOPE.get(kind, kind) for kind in measure.scope)
    usual = f" (thường là {measure.supplier})" if measure.supplier else ""
    yield f"- Báo cáo: {reporters}{usual}; {_FREQUENCY[measure.frequency]}; {over}"
    yield f"- Kỳ báo cáo: {_CALENDAR[measure.calendar]}"


def _sources(measure: Measure, library: Library) -> Iterable[str]:
    items = {
        item.slug: item
        for term in terms_of(measure)
        for source in (term.denominator, term.numerator)
        for item in (source.items if source else ())
    }
    for item in items.values():
        if isinstance(item, Count):
            dataset = library.datasets[item.dataset]
            told = describe(item, dataset)
            yield f"- {item.title}: đếm {_lower(dataset.title)}{f', {told}' if told else ''}"
        else:
            yield _element(item)


def _element(element: Element) -> str:
    carried = ""
    if element.kind == "number" and element.time == "stock":
        carried = f"; còn hiệu lực {element.carry} tháng" if element.carry else "; chỉ trong kỳ"
    proof = "; kèm minh chứng" if element.evidence else ""
    if element.kind == "mark":
        known = ", ".join(f"{m.code} là {MARK_LABELS[m]}" for m in Mark if m is not Mark.UNSAID)
        return f"- {element.title} ({known}). {element.note}"
    note = f" {element.note}" if element.note else ""
    return f"- {element.title} ({element.unit_of_measure}{carried}{proof}).{note}"


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:].rstrip(".")


def _example(example: Example, measure: Measure, library: Library) -> Iterable[str]:
    yield f"\n{example.says} Kỳ: {Period.of(example.period).label}.\n"
    for slug, text in example.records.items():
        titles = {n: c.title for n, c in library.datasets[slug].columns.items()}
        yield from _table(text, titles)
    if example.reported:
        titles = {slug: e.title.removeprefix("Trong đó: ") for slug, e in library.elements.items()}
        yield from _table(example.reported, titles)
    told = "; ".join(
        f"{'toàn tỉnh' if unit == 'p' else unit}: {_shown(value, measure)}"
        for unit, value in example.expect.items()
    )
    yield f"\nKết quả – {told}."


def _table(text: str, titles: dict[str, str]) -> Iterable[str]:
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    titles = {"unit": "Đơn vị", "period": "Kỳ", **titles}
    yield "| " + " | ".join(capitalised(titles.get(name, name)) for name in lines[0]) + " |"
    yield "|" + "---|" * len(lines[0])
    for cells in lines[1:]:
        yield "| " + " | ".join(cells) + " |"


def _shown(value: str, measure: Measure) -> str:
    if value == "-":
        return "chưa có số liệu"
    if measure.kind == "level":
        number, _, mark = value.partition(" ")
        return number.replace(".", ",") + (f" (số {mark})" if mark else "")
    if "/" in value:
        above, below = value.split("/")
        return f"{format_number(int(above))}/{format_number(int(below))}"
    return value


if __name__ == "__main__":
    import sys

    from namro.measuring.definitions import load

    sys.stdout.write(write_docs(load()))
