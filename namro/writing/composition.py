"""Report + official form → the `Paper`, ready to be drawn (bố cục văn bản)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import Any

from namro.vietnamese import format_date, tidy
from namro.writing.paper import Attachment, Drawn, Grid, Line, Paper, text_width
from namro.writing.report import (
    Align,
    Appendix,
    Block,
    BulletList,
    Paragraph,
    Report,
    ResultTable,
    Section,
    Stamp,
)
from namro.writing.style import Look, Profile, place_date_line, profile_for

_RULE_SHARE = 0.42  # of the text above; both forms ask for a third to a half
_FIGURE = re.compile(r"[+-]?[\d.,]+( ?%)?|[–-]|\d+/\d+|")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_ROMAN = re.compile(r"[IVXL]+")


class UnprintableText(ValueError):
    """The report holds a character that no official paper can show."""

    def __init__(self, character: str) -> None:
        shown = character if character.isprintable() else f"mã U+{ord(character[:1]):04X}"
        super().__init__(
            f"Nội dung báo cáo có ký tự không in được ({shown}); hãy bỏ hoặc viết lại bằng chữ."
        )


def compose(report: Report) -> Paper:
    """The paper of a report, in the form in force on its date.

    ValueError when no form is known for that date; UnprintableText for control characters.
    """
    if found := _CONTROL.search("\n".join(_strings(report))):
        raise UnprintableText(found[0])
    profile = profile_for(report.form, report.dated_on)
    return Paper(
        profile=profile,
        name=tidy(f"{report.kind} {report.title}"),
        author=tidy(report.issuing_body),
        made_at=_made_at(report),
        left=tuple(_issuer(report, profile)),
        right=tuple(_state_or_party(profile)),
        number=tuple(_number(report, profile)),
        place_date=Line(
            place_date_line(tidy(report.place), report.issued_on, report.drafted_on),
            profile.place_date,
            "center",
        ),
        heading=tuple(_heading(report, profile)),
        body=tuple(_body(report, profile)),
        recipients=tuple(_recipients(report.recipients, profile)),
        signature=tuple(_signature(report, profile)),
        attachments=tuple(_attachments(report, profile)),
    )


def _strings(thing: Any) -> Iterator[str]:
    """Every text in a value made of dataclasses and tuples."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, tuple):
        for part in thing:
            yield from _strings(part)
    elif is_dataclass(thing):
        for part in fields(thing):
            yield from _strings(getattr(thing, part.name))


def _made_at(report: Report) -> datetime:
    """A moment for the file's own record, from the report only, so that bytes repeat."""
    if report.stamp:
        return report.stamp.issued_at
    day = report.dated_on
    return datetime(day.year, day.month, day.day) if day else datetime(2020, 1, 1)  # noqa: DTZ001


# --- head -------------------------------------------------------------------------------------


def _issuer(report: Report, profile: Profile) -> Iterator[Line]:
    for text in filter(None, _texts(report.superior_body)):  # a province has none above it
        yield Line(text.upper(), profile.superior, "center")
    bodies = [text.upper() for text in _texts(report.issuing_body)]
    rule = 0.0
    if profile.under_issuing == "rule":
        rule = _share(bodies[-1], profile.issuing, profile.head_left)
    for text in bodies[:-1]:
        yield Line(text, profile.issuing, "center")
    yield Line(bodies[-1], profile.issuing, "center", rule=rule)
    if profile.under_issuing == "star":
        yield Line("*", profile.superior, "center")


def _state_or_party(profile: Profile) -> Iterator[Line]:
    last = len(profile.head_lines) - 1
    for order, (text, look) in enumerate(profile.head_lines):
        rule = text_width(text, look) if order == last else 0
        yield Line(text, look, "center", rule=rule)


def _number(report: Report, profile: Profile) -> Iterator[Line]:
    yield Line(profile.number_line(report.number, report.symbol), profile.number, "center")
    if report.draft is not None:
        yield Line(f"Dự thảo lần {report.draft}", Look(14, italic=True), "center")


def _heading(report: Report, profile: Profile) -> Iterator[Line]:
    yield Line(tidy(report.kind).upper(), profile.kind, "center", keep=True)
    titles = _texts(report.title)
    rule = 0.0
    if profile.under_title == "rule":
        rule = _share(titles[-1], profile.title, profile.text_width)
    for text in titles[:-1]:
        yield Line(text, profile.title, "center", keep=True)
    yield Line(titles[-1], profile.title, "center", keep=True, rule=rule)
    if profile.under_title == "hyphens":
        yield Line("-----", profile.title, "center", keep=True)
    if len(report.addressed_to) == 1:
        yield Line(
            f"Kính gửi: {tidy(report.addressed_to[0])}", profile.addressed, "center", above=6
        )
    elif report.addressed_to:
        yield Line("Kính gửi:", profile.addressed, "center", keep=True, above=6)
        yield from _marked(report.addressed_to, "- ", ";", profile.addressed, "center")


def _share(text: str, look: Look, most: float) -> float:
    return min(text_width(text, look), most) * _RULE_SHARE


def _texts(text: str) -> list[str]:
    return [tidy(line) for line in text.splitlines() if line.strip()] or [""]


# --- body -------------------------------------------------------------------------------------


def _body(report: Report, profile: Profile) -> list[Drawn]:
    lines: list[Drawn] = list(
        _marked(report.bases, profile.bases_dash, ";", profile.bases, "justify", indent=True)
    )
    for paragraph in report.opening:
        lines += _block(Paragraph(paragraph) if isinstance(paragraph, str) else paragraph, profile)
    for section in report.sections:
        lines.append(_section_heading(section, profile))
        for block in section.blocks:
            lines += _block(block, profile)
    if lines and isinstance(lines[-1], Line):
        ended = lines[-1].text.rstrip(" ./;") + profile.end_mark
        lines[-1] = replace(lines[-1], text=ended, keep=True)  # no signature alone on a page
    return lines


def _section_heading(section: Section, profile: Profile) -> Line:
    number = section.number.strip().rstrip(".)-")
    title = tidy(section.title)
    look = replace(profile.body, bold=True)
    if _ROMAN.fullmatch(number):
        text = f"{number}{profile.heading_mark}{title.upper()}"
    elif number[:1].isdigit():
        text = f"{number}. {title}"
    elif number:
        text, look = f"{number}) {title}", profile.body
    else:
        text = title
    return Line(text, look, "justify", indent=True, keep=True)


def _block(block: Block, profile: Profile, size: float | None = None) -> Iterator[Drawn]:
    look = replace(profile.body, size=size or profile.body.size)
    if isinstance(block, Paragraph):
        look = replace(look, bold=block.bold, italic=block.italic)
        indent = block.align in ("justify", "left")
        for text in _texts(block.text):
            yield Line(text, look, block.align, indent)
    elif isinstance(block, BulletList):
        for item in block.items:
            yield Line(f"- {tidy(item)}", look, "justify", indent=True)
    else:
        yield from _table(block, profile, size)


def _table(table: ResultTable, profile: Profile, size: float | None) -> Iterator[Drawn]:
    bold = replace(profile.body, bold=True, size=size or profile.body.size)
    caption = Line(tidy(table.caption), bold, "center", keep=True) if table.caption else None
    room = page_room(profile, table.landscape)
    shares = table.widths or tuple(1.0 for _ in table.columns)
    yield Grid(
        columns=tuple(tidy(column) for column in table.columns),
        rows=tuple(tuple(tidy(cell) for cell in row) for row in table.rows),
        widths=tuple(round(room * share / sum(shares), 2) for share in shares),
        aligns=table.aligns or tuple(_aligns(table)),
        look=replace(profile.table, size=min(profile.table.size, size or profile.table.size)),
        caption=caption,
        landscape=table.landscape,
    )


def page_room(profile: Profile, landscape: bool) -> float:
    """Width between the margins; a sideways page carries its margins turned with it."""
    margins = profile.margins
    return 297 - margins.top - margins.bottom if landscape else profile.text_width


def _aligns(table: ResultTable) -> Iterator[Align]:
    for place, column in enumerate(table.columns):
        cells = [tidy(row[place]) for row in table.rows]
        if column.strip().upper() in ("TT", "STT"):
            yield "center"
        elif any(cells) and all(_FIGURE.fullmatch(cell) for cell in cells):
            yield "right"
        else:
            yield "left"


def _marked(
    texts: tuple[str, ...], dash: str, mark: str, look: Look, align: Align, *, indent: bool = False
) -> Iterator[Line]:
    """A list with its closing marks: every line `mark`, the last a full stop."""
    for place, text in enumerate(texts, 1):
        bare = tidy(text).rstrip(" ;,.").removeprefix("- ")
        end = "." if place == len(texts) else mark
        yield Line(f"{dash}{bare}{end}", look, align, indent)


# --- end --------------------------------------------------------------------------------------


def _recipients(recipients: tuple[str, ...], profile: Profile) -> Iterator[Line]:
    if recipients:
        yield Line("Nơi nhận:", profile.recipients_head, "left", keep=True)
        yield from _marked(recipients, "- ", profile.recipients_mark, profile.recipients, "left")


def _signature(report: Report, profile: Profile) -> Iterator[Line]:
    signature = report.signature
    for text in _texts(profile.authority_line(signature.authority)):
        if text:
            yield Line(text.upper(), profile.authority, "center", keep=True)
    for text in _texts(profile.authority_line(signature.post)):
        yield Line(text.upper(), profile.post, "center", keep=True)
    for _ in range(profile.blank_lines):
        yield Line("", profile.signer, "center", keep=True)
    yield Line(tidy(signature.name or ""), profile.signer, "center")


def _attachments(report: Report, profile: Profile) -> Iterator[Attachment]:
    appendices = list(report.appendices)
    if report.stamp:
        appendices.append(_stamp_appendix(report.stamp))
    for place, appendix in enumerate(appendices, 1):
        stamped = report.stamp is not None and place == len(appendices)
        label = f"Phụ lục {_roman(place)}" if len(appendices) > 1 else "Phụ lục"
        size = profile.small.size if stamped else None
        lines: list[Drawn] = [
            Line(label, profile.appendix, "center", keep=True),
            Line(tidy(appendix.title).upper(), profile.appendix, "center", keep=True),
            Line(_reference(report, profile), profile.appendix_reference, "center", keep=True),
        ]
        for block in appendix.blocks:
            lines += _block(_turned(block, appendix), profile, size)
        yield Attachment(tuple(lines), appendix.landscape)


def _turned(block: Block, appendix: Appendix) -> Block:
    """A table in a sideways appendix takes that page's width, and opens no page of its own."""
    return replace(block, landscape=appendix.landscape) if isinstance(block, ResultTable) else block


def _reference(report: Report, profile: Profile) -> str:
    number = profile.number_line(report.number, report.symbol)
    number = number[0].lower() + number[1:].replace(": ", " ", 1)
    _, _, day = place_date_line("", report.issued_on, report.drafted_on).partition(", ")
    body = tidy(report.issuing_body)
    return f"(Kèm theo {tidy(report.kind).capitalize()} {number} {day} của {body})"


def _stamp_appendix(stamp: Stamp) -> Appendix:
    said = (
        f"Số liệu chốt đến {_moment(stamp.as_of)}. Báo cáo lập lúc {_moment(stamp.issued_at)}.",
        f"Mã kiểm tra: {tidy(stamp.verification_code)}.",
    )
    blocks: list[Block] = [Paragraph(text) for text in said]
    if stamp.definitions:
        blocks.append(
            Paragraph(
                "Mỗi số liệu được tính theo cách đo ghi dưới đây. Mã cách đo là dấu vết của văn "
                "bản cách đo tại thời điểm lập, dùng để tính lại đúng số liệu của báo cáo này."
            )
        )
        rows = tuple(
            (str(place), d.title, d.says, d.hash[:16])
            for place, d in enumerate(stamp.definitions, 1)
        )
        columns = ("TT", "Chỉ tiêu", "Cách đo", "Mã cách đo")
        aligns: tuple[Align, ...] = ("center", "left", "left", "left")
        blocks.append(ResultTable(columns, rows, (10, 46, 70, 38), aligns=aligns))
    return Appendix("Cách đo và nguồn số liệu", tuple(blocks))


def _moment(moment: datetime) -> str:
    return f"{moment.hour:02d} giờ {moment.minute:02d} phút ngày {format_date(moment.date())}"


def _roman(number: int) -> str:
    signs = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    text = ""
    for value, sign in signs:
        count, number = divmod(number, value)
        text += sign * count
    return text
