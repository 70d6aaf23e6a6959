"""A plan against its superior's as a report with its table as the appendix.

The lines are those of the comparison's page, with what people ruled; nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from namro.vietnamese import capitalised, format_date, legible, tidy
from namro.web.org.models import Unit
from namro.web.papers.defaults import form_for, head_of
from namro.web.plans.comparing.models import Comparison
from namro.web.plans.comparing.table import OPEN, Row, counted
from namro.web.plans.models import Reading
from namro.web.plans.rules import section_name
from namro.writing import Appendix, BulletList, Paragraph, Report, ResultTable, Section, Signature
from namro.writing.report import Block

_ELSEWHERE, _EXTRA = "ELSEWHERE", "EXTRA"


def paper_of(
    comparison: Comparison, rows: Sequence[Row], unit: Unit, province: Unit, on: date
) -> Report:
    """The report of `unit` with the table as its appendix, drafted on a day; number left blank."""
    above, below = named(comparison.old), named(comparison.new)
    form = form_for(unit)
    head = head_of(unit, form, f"Kết quả đối chiếu {below} với {above}", province, on)
    return Report(
        form=form,
        superior_body=head.superior_body,
        issuing_body=head.issuing_body,
        symbol=head.symbol,
        place=head.place,
        title=head.title,
        signature=Signature(head.authority, head.post, None),
        drafted_on=on,
        opening=(Paragraph(f"{unit.name} báo cáo kết quả đối chiếu {below} với {above} như sau:"),),
        sections=(
            Section("1", "Kết quả chung", tuple(_general(comparison, rows, above))),
            Section("2", "Nội dung cần bổ sung, điều chỉnh", tuple(_to_mend(rows))),
        ),
        recipients=head.recipients,
        appendices=(
            Appendix("Đối chiếu với văn bản cấp trên", tuple(_tables(rows)), landscape=True),
        ),
    )


def named(reading: Reading) -> str:
    """A document as officials name it: "Kế hoạch số 12/KH-UBND ngày 03/6/2025"."""
    head = (reading.draft or {}).get("document") or {}
    kind = tidy(head.get("kind") or "văn bản")
    said = f"{kind[:1].upper()}{kind[1:].lower()}"
    if head.get("number"):
        said += f" số {head['number']}"
    parts = [int(p) for p in (head.get("date") or "").split("-") if p]
    if len(parts) == 3:
        said += f" ngày {format_date(date(*parts))}"
    if not head.get("number"):
        title = tidy(legible(head.get("title") or reading.document.file_name))
        said += f" “{title}”" if len(title) <= 160 else f" “{title[:159].rstrip()}…”"
    return said


def _general(comparison: Comparison, rows: Sequence[Row], above: str) -> Iterator[Block]:
    asked = [r for r in rows if r.main not in (_ELSEWHERE, _EXTRA)]
    looked = sum(1 for r in rows if r.ruling)
    yield Paragraph(
        f"{above} có {len(asked)} chỉ tiêu, nhiệm vụ liên quan đến cấp này. Đã có người xem và "
        f"kết luận {looked}/{len(rows)} dòng của bảng đối chiếu; các dòng còn lại do máy đề xuất."
    )
    counts = counted(comparison.kind, rows)
    yield ResultTable(
        columns=("Kết luận", "Số chỉ tiêu, nhiệm vụ"),
        rows=tuple((label, str(count)) for _, label, count in counts),
        widths=(110, 50),
    )


_MOST_NAMED = 12


def _to_mend(rows: Sequence[Row]) -> Iterator[Block]:
    """What a person must look at: missing, weaker, later; the rest stands in the appendix."""
    found = False
    for code in ("MISSING", "WEAKER", "LATER", "UNCLEAR"):
        members = [r for r in rows if r.main == code]
        if members:
            found = True
            yield Paragraph(f"{members[0].label}: {len(members)} mục.")
            said = [_brief(r) for r in members[:_MOST_NAMED]]
            if len(members) > _MOST_NAMED:
                said.append(f"Và {len(members) - _MOST_NAMED} mục khác tại Phụ lục.")
            yield BulletList(tuple(said))
    if not found:
        yield Paragraph("Không có nội dung phải bổ sung, điều chỉnh.")


def _brief(row: Row) -> str:
    said = capitalised(_words(row.old, 180).rstrip(" .;"))
    return f"{said} ({row.told_text})." if row.told_text else said


def _tables(rows: Sequence[Row]) -> Iterator[Block]:
    groups = (
        ("Chỉ tiêu của cấp trên", [r for r in rows if r.old and _kind(r) == "target"]),
        ("Nhiệm vụ của cấp trên", [r for r in rows if r.old and _kind(r) == "task"]),
        ("Chỉ tiêu, nhiệm vụ có thêm, cấp trên không nêu", [r for r in rows if not r.old]),
    )
    for caption, members in groups:
        shown = [r for r in members if r.main != _ELSEWHERE]
        if shown:
            yield _table(caption, shown) if shown[0].old else _extras(caption, shown)
    left_out = sum(1 for r in rows if r.main == _ELSEWHERE)
    if left_out:
        yield Paragraph(
            f"Ghi chú: không in {left_out} mục của văn bản cấp trên không giao cho cấp này."
        )


def _kind(row: Row) -> str:
    return str(row.item.get("kind"))


def _table(caption: str, rows: Sequence[Row]) -> ResultTable:
    return ResultTable(
        columns=("TT", "Văn bản cấp trên", "Kế hoạch", "Khác nhau", "Kết luận"),
        rows=tuple(
            (
                str(n),
                _words(row.old),
                _words(row.new) or "Không có",
                row.told_text,
                row.label if row.ruled == OPEN else f"{row.label} ({row.ruled.lower()})",
            )
            for n, row in enumerate(rows, start=1)
        ),
        widths=(9, 84, 84, 42, 33),
        aligns=("center", "left", "left", "left", "left"),
        caption=caption,
    )


def _extras(caption: str, rows: Sequence[Row]) -> ResultTable:
    return ResultTable(
        columns=("TT", "Nội dung", "Vị trí trong kế hoạch"),
        rows=tuple(
            (str(n), _words(row.new), _spot(row.new)) for n, row in enumerate(rows, start=1)
        ),
        widths=(9, 180, 63),
        aligns=("center", "left", "left"),
        caption=caption,
    )


_LONG = 420  # signs of one cell; the whole sentence stands in its document


def _words(item, most: int = _LONG) -> str:
    """The sentence, or of one that asks several things the part that is meant."""
    if not item:
        return ""
    words = item["quote"] if item["alone"] else f"{item['level'] or ''} {item['words']}"
    said = tidy(legible(words))
    return said if len(said) <= most else f"{said[:most].rsplit(' ', 1)[0]}…"


def _spot(item) -> str:
    place = item["place"] or {}
    page = f"trang {place['page']}, " if place.get("page") else ""
    section = section_name(item.get("section") or "")
    return f"{section} ({page}đoạn {(place.get('block') or 0) + 1})".strip()
