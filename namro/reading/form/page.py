"""Deviations of the page: paper, margins, page number, font, size and look of each part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from namro.reading.form.forms import Form, Part
from namro.reading.form.lines import Line, Look, Page
from namro.terms import Fault, Place
from namro.vietnamese import format_number

Say = Callable[[str, str, str, Line | None], Fault]  # code, message, suggestion, where
_SLACK = 0.6  # millimetres: what rounding to twentieths of a point and inches leaves


def read(form: Form, pages: Sequence[Page], say: Say) -> Iterator[Fault]:
    """Deviations of the sections of a Word file."""
    for i, page in enumerate(pages[:1]):
        yield from _paper(page, say)
        yield from _margins(form, page, say)
        if i == 0:
            yield from _number(form, page, say)


def _paper(page: Page, say: Say) -> Iterator[Fault]:
    width, height = sorted((page.width, page.height))
    if abs(width - 210) > 1 or abs(height - 297) > 1:
        yield say(
            "FORM_PAPER",
            f"Khổ giấy {_mm(page.width)} × {_mm(page.height)} mm, không phải A4.",
            "Đặt khổ giấy A4.",
            None,
        )


def _margins(form: Form, page: Page, say: Say) -> Iterator[Fault]:
    if page.width > page.height:
        return  # a sheet turned for a table carries its margins turned with it
    for name, is_, (least, most) in (
        ("trên", page.top, form.top),
        ("dưới", page.bottom, form.bottom),
        ("trái", page.left, form.left),
        ("phải", page.right, form.right),
    ):
        if not least - _SLACK <= is_ <= most + _SLACK:
            asked = _mm(least) if least == most else f"{_mm(least)}–{_mm(most)}"
            yield say(
                "FORM_MARGINS",
                f"Lề {name} {_mm(is_)} mm; thể thức quy định {asked} mm.",
                f"Đặt lề {name} {asked} mm.",
                None,
            )


def _mm(value: float) -> str:
    near = abs(value - round(value)) < 0.3
    return format_number(round(value)) if near else f"{value:.1f}".replace(".", ",")


def _number(form: Form, page: Page, say: Say) -> Iterator[Fault]:
    code = "FORM_PAGE_NUMBER"
    if not page.numbered:
        yield say(code, "Văn bản không đánh số trang.", "Đánh số trang ở giữa lề trên.", None)
        return
    if page.first_shown:
        yield say(code, "Số trang hiện ở trang đầu.", "Không hiện số trang ở trang đầu.", None)
    if not page.number_centred:
        yield say(code, "Số trang không ở giữa.", "Đặt số trang ở giữa.", None)
    least, most = form.page_number
    if page.number_size and not least <= page.number_size <= most:
        yield say(
            code,
            f"Số trang cỡ {_pt(page.number_size)}.",
            f"Dùng cỡ chữ {_range(least, most)}.",
            None,
        )


def fonts(lines: Sequence[Line], say: Say) -> Iterator[Fault]:
    """A font other than Times New Roman, told once with how much of the text has it."""
    used: Counter[str] = Counter()
    for line in lines:
        if line.look and line.look.font:
            used[line.look.font] += len(line.text)
    other = {name: n for name, n in used.items() if name.lower() != "times new roman"}
    if sum(other.values()) > 0.02 * sum(used.values()):
        most = max(other, key=lambda name: other[name])
        where = next(x for x in lines if x.look and x.look.font == most)
        yield say(
            "FORM_FONT",
            f"Phông chữ “{most}”, không phải Times New Roman.",
            "Chuyển toàn văn bản sang Times New Roman.",
            where,
        )


def part(rule: Part, line: Line, say: Say) -> Iterator[Fault]:
    """Deviations of the look of one part."""
    look = line.look
    if look is None:
        return
    wrong = list(_wrong(rule, look, line.text))
    if wrong:
        yield say(
            rule.code,
            f"{rule.name}: {', '.join(said for said, _ in wrong)}.",
            f"Trình bày lại: {', '.join(asked for _, asked in wrong)}.",
            line,
        )


def _wrong(rule: Part, look: Look, text: str) -> Iterator[tuple[str, str]]:
    if look.size is not None and not rule.least <= look.size <= rule.most:
        yield f"cỡ chữ {_pt(look.size)}", f"cỡ chữ {_range(rule.least, rule.most)}"
    if rule.bold is not None and look.bold != rule.bold:
        yield ("chữ đậm", "chữ không đậm") if look.bold else ("chữ không đậm", "chữ đậm")
    if rule.italic is not None and look.italic != rule.italic:
        yield ("chữ nghiêng", "chữ đứng") if look.italic else ("chữ đứng", "chữ nghiêng")
    if rule.centred and look.align != "center":
        yield "không ở giữa dòng", "canh giữa"
    if rule.upper and not text.isupper():
        yield "không viết in hoa", "viết in hoa"


def body(form: Form, lines: Sequence[Line], say: Say) -> Iterator[Fault]:
    """Size, alignment and spacing of the body: told once, by what most of it has."""
    looks = [(x, x.look) for x in lines if x.look is not None]
    if not looks:
        return
    rule = form.parts["body"]
    off = [x for x, k in looks if k.size is not None and not rule.least <= k.size <= rule.most]
    if len(off) > 0.1 * len(looks) and off[0].look and off[0].look.size:
        yield say(
            "FORM_BODY",
            f"Nội dung: cỡ chữ {_pt(off[0].look.size)} ở {len(off)}/{len(looks)} đoạn.",
            f"Dùng cỡ chữ {_range(rule.least, rule.most)}.",
            off[0],
        )
    ragged = [x for x, k in looks if k.align != "justify" and len(x.text) > 100]
    if len(ragged) > 0.3 * len(looks):
        yield say(
            "FORM_ALIGNMENT",
            f"{len(ragged)}/{len(looks)} đoạn nội dung không canh đều hai bên.",
            "Canh đều hai bên.",
            ragged[0],
        )
    tight = [x for x, k in looks if not _spaced(form, k)]
    if len(tight) > 0.3 * len(looks):
        asked = "chính xác từ 18 pt" if form.family == "party" else "từ 1 đến 1,5 dòng"
        yield say(
            "FORM_SPACING",
            f"{len(tight)}/{len(looks)} đoạn nội dung giãn dòng không theo thể thức.",
            f"Đặt giãn dòng {asked}.",
            tight[0],
        )


def _spaced(form: Form, look: Look) -> bool:
    if look.spacing is None:
        return form.family == "state"
    if look.exact:
        return look.spacing >= (17.9 if form.family == "party" else 0.95 * (look.size or 13))
    return form.family == "state" and 0.99 <= look.spacing <= 1.51


def _pt(size: float) -> str:
    return f"{size:g}".replace(".", ",")


def _range(least: float, most: float) -> str:
    return _pt(least) if least == most else f"{_pt(least)}–{_pt(most)}"


def at(file: str, line: Line | None) -> Place | None:
    """Where a line stands: the number of its paragraph."""
    return Place(file, block=line.number - 1) if line is not None else None
