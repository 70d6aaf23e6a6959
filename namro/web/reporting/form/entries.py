"""One figure as it was typed → exact value or what is wrong with it; what to ask about a form.

The same limits and words as in the Excel form: both go through `workbook`'s reader of a cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from namro.measuring.definitions import Element
from namro.measuring.marks import MARK_LABELS, Mark, mark_of
from namro.vietnamese import format_date, format_number, tidy
from namro.web.reporting import rules
from namro.workbook import NOTHING, NOTHING_WORDS, Nothing, Row, value_date
from namro.workbook.cells import parse_cell
from namro.workbook.layout import MOST_NOTE

Entry = dict[str, str | None]
"""{"value": canonical text or None, "cell": "", "note": "", "typed": what could not be taken}."""

MARKS = tuple(words for mark, words in MARK_LABELS.items() if mark is not Mark.UNSAID)
"""What may be chosen where it is asked how final a figure is, in the order of their codes."""

WORDS = {
    "ceiling": "{part} lớn hơn {whole} của “{title}”. Kiểm tra lại cả hai số; phần không thể lớn "
    "hơn tổng.",
    "no_mark": "Chưa chọn mức độ của số {value}: {marks}.",
    "mark_alone": "Có mức độ mà chưa có số. Nhập số ở dòng trên, hoặc bỏ chọn mức độ.",
    "no_paper": "Ghi số, ngày và cơ quan ban hành văn bản công bố vào cột Ghi chú.",
    "other_day": "Khác kỳ trước ({before}).",
    "jump": "So với kỳ trước ({before}) {way} {percent}%.",
    "up": "tăng",
    "down": "giảm",
    "long_value": "Ô số chứa {count} ký tự, chỉ nhận {most} ký tự. Hãy chỉ ghi số; phần giải thích "
    "ghi vào cột Ghi chú.",
    "long_note": "Ghi chú dài {count} ký tự, chỉ nhận {most} ký tự. Hãy rút gọn; phần dài gửi kèm "
    "thành tệp minh chứng.",
    "long_general": "Thuyết minh chung dài {count} ký tự, chỉ nhận {most} ký tự. Hãy rút gọn; phần "
    "dài gửi kèm thành tệp minh chứng chung.",
}
"""What is said of a figure beside others; the page says the same words (see `form_checks`)."""

MOST = {"value": 200, "note": MOST_NOTE, "general": 20_000}
"""Signs that a cell takes: a figure as typed, a note, the note of the whole return. Nothing is ever
cut: what is longer is refused in words (`too_long`)."""

_AS_EXPECTED = {"NUMBER_AS_TEXT", "DATE_AS_TEXT"}


class UnknownElement(ValueError):
    """A figure that this form does not ask for; the message is Vietnamese."""


class TooLong(ValueError):
    """Texts longer than their cells take; the message is Vietnamese and names each cell."""


@dataclass(frozen=True)
class Asked:
    """One row of the form: the figure, and what is known of it besides."""

    element: Element
    previous: Decimal | None = None
    previous_period: str = ""
    due: bool = True
    proven: bool = False  # evidence of the same value was handed in before

    @cached_property
    def row(self) -> Row:
        """The same row as the Excel form has it."""
        e = self.element
        before = None if e.kind != "number" and not self.previous else self.previous
        choices = MARKS if e.kind == "mark" else ()
        return Row(
            e.slug, e.title, e.unit_of_measure, "choice" if e.kind == "mark" else e.kind,
            e.digits, e.minimum, e.maximum, e.at_most, e.note, before, choices, e.nothing,
        )  # fmt: skip


@dataclass
class Checked:
    """What is wrong (nothing can be handed in) and what is asked about, by element."""

    errors: dict[str, list[str]] = field(default_factory=dict)
    questions: dict[str, list[str]] = field(default_factory=dict)
    form_errors: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.errors and not self.form_errors

    def wrong(self, element: str, message: str) -> None:
        self.errors.setdefault(element, []).append(message)

    def ask(self, element: str, message: str) -> None:
        self.questions.setdefault(element, []).append(message)

    def sentences(self, asked: Iterable[Asked]) -> list[str]:
        """Every error with its row number, as it is read on the page."""
        found = list(self.form_errors)
        for number, one in enumerate(asked, start=1):
            for message in self.errors.get(one.element.slug, ()):
                found.append(f"Dòng {number} “{one.element.title}”: {message}")
        return found


def written(value: Decimal | None, kind: str = "number") -> str:
    """A kept value as officials write it: "1.035", "32,5", "03/9/2025"; "0": no such date."""
    if value is None:
        return ""
    if kind == "mark":
        mark = mark_of(value)
        return MARK_LABELS[mark] if mark and value else ""
    if kind == "date" and value:
        return format_date(value_date(value))
    return format_number(value)


def make_entry(given: Any, asked: Asked, *, note: str = "", cell: str = "") -> Entry:
    """What is kept of one answer. `given`: None, a number, or text as typed ("1.035", "32,5").

    What cannot be taken is not lost: it stays whole in "typed", and nothing is handed in until
    mended. How long a text may be is asked before (`too_long`).
    """
    typed = given if isinstance(given, str) else _as_text(given, asked)
    value, errors = parse(typed, asked)
    entry: Entry = {
        "value": None if value is None else f"{value.normalize():f}",
        "cell": cell,
        "note": tidy_note(note),
    }
    if errors:
        entry["typed"] = tidy(typed)
    elif isinstance(value, Nothing):
        entry["typed"] = NOTHING_WORDS  # a value of its own: it counts as 0 and is still told apart
    return entry


def told(entry: Mapping[str, Any] | None) -> Decimal | None:
    """The value as a workbook shows it: `NOTHING` where it was said that nothing happened."""
    value = value_of(entry)
    said = entry is not None and value == 0 and entry.get("typed") == NOTHING_WORDS
    return NOTHING if said else value


def _as_text(given: Decimal | int | None, asked: Asked) -> str:
    if isinstance(given, Nothing):
        return NOTHING_WORDS
    return written(None if given is None else Decimal(given), asked.element.kind)


def tidy_note(note: str | None) -> str:
    """A note as it is kept: whole, without blanks around it."""
    return (note or "").replace("\r\n", "\n").strip()


def too_long(text: str | None, what: str) -> str:
    """Why a text is longer than its cell (see `MOST`) takes, in words; "" where it is not."""
    count = len(tidy(text or "") if what == "value" else tidy_note(text))
    if count <= MOST[what]:
        return ""
    told = {"count": format_number(count), "most": format_number(MOST[what])}
    return WORDS[f"long_{what}"].format(**told)


def parse(typed: str, asked: Asked) -> tuple[Decimal | None, list[str]]:
    """Text → (value, errors). Blank is (None, []): nothing was said, which is not zero."""
    value, errors, _ = _parse(typed, asked)
    return value, errors


def _parse(typed: str, asked: Asked) -> tuple[Decimal | None, list[str], list[str]]:
    if asked.element.kind == "date" and tidy(typed) == "0":
        return Decimal(0), [], []
    value, remarks = parse_cell(typed, asked.row)
    errors = [f"{r.message} {r.suggestion}" for r in remarks if not r.notice]
    notices = [r.message for r in remarks if r.notice and r.code not in _AS_EXPECTED]
    return value, errors, notices


def value_of(entry: Mapping[str, Any] | None) -> Decimal | None:
    """The exact value of a kept entry; None when blank."""
    text = (entry or {}).get("value")
    return None if text is None else Decimal(text)


def shown(entry: Mapping[str, Any] | None, kind: str) -> str:
    """What stands in the field: the value as written, or what was typed and could not be taken."""
    if entry and entry.get("typed"):
        return str(entry["typed"])
    return written(value_of(entry), kind)


def check(values: Mapping[str, Mapping[str, Any]], asked: Iterable[Asked]) -> Checked:
    """Everything that is wrong with a form, and everything worth asking about it."""
    found, rows = Checked(), {a.element.slug: a for a in asked}
    for slug, one in rows.items():
        entry = values.get(slug) or {}
        value, errors, notices = _parse(shown(entry, one.element.kind), one)
        for message in errors:
            found.wrong(slug, message)
        for message in notices:
            found.ask(slug, message)
        _check_ceiling(found, values, one, rows)
        _check_mark(found, values, one, rows)
        if isinstance(value, Nothing):
            continue  # said in so many words: nothing is left to ask
        if value is not None:
            _ask_about_jump(found, one, value)
        elif one.due and one.element.kind == "number" and not errors:
            found.ask(slug, "Để trống: coi như đơn vị chưa có số liệu kỳ này.")
    if rows and all(not v.get("typed") and v.get("value") is None for v in _of(values, rows)):
        found.form_errors.append("Biểu chưa có số liệu nào. Hãy nhập ít nhất một số rồi nộp.")
    return found


def check_filled(values: Mapping[str, Mapping[str, Any]], asked: Iterable[Asked]) -> Checked:
    """The same while it is being filled in: what is still blank is not spoken of."""
    found = check(values, asked)
    filled = {slug for slug, e in values.items() if e.get("typed") or e.get("value") is not None}
    kept = {slug: told for slug, told in found.questions.items() if slug in filled}
    return Checked(found.errors, kept)


def _of(values: Mapping[str, Mapping[str, Any]], rows: Iterable[str]) -> list[Mapping[str, Any]]:
    return [values.get(slug) or {} for slug in rows]


def _check_ceiling(
    found: Checked,
    values: Mapping[str, Mapping[str, Any]],
    one: Asked,
    rows: Mapping[str, Asked],
) -> None:
    whole = rows.get(one.element.at_most or "")
    if not whole:
        return
    part, most = (value_of(values.get(s)) for s in (one.element.slug, whole.element.slug))
    if part is not None and most is not None and part > most:
        found.wrong(
            one.element.slug,
            WORDS["ceiling"].format(
                part=format_number(part), whole=format_number(most), title=whole.element.title
            ),
        )


def _check_mark(
    found: Checked,
    values: Mapping[str, Mapping[str, Any]],
    one: Asked,
    rows: Mapping[str, Asked],
) -> None:
    """A published figure and how final it is are told together, with the paper that says so."""
    marking = rows.get(one.element.marked_by or "")
    if not marking:
        return
    slug = marking.element.slug
    entry = values.get(slug) or {}
    value, mark = value_of(values.get(one.element.slug)), value_of(entry)
    if value is not None and mark is None and not entry.get("typed"):
        found.wrong(slug, WORDS["no_mark"].format(value=written(value), marks=", ".join(MARKS)))
    elif value is None and mark is not None:
        found.wrong(slug, WORDS["mark_alone"])
    elif mark is not None and mark > Mark.ESTIMATE.code and not entry.get("note"):
        found.wrong(slug, WORDS["no_paper"])


def _ask_about_jump(found: Checked, one: Asked, value: Decimal) -> None:
    if one.element.kind == "date":
        if one.previous and value != one.previous:
            found.ask(
                one.element.slug, WORDS["other_day"].format(before=written(one.previous, "date"))
            )
        return
    if one.element.kind == "mark":
        return
    if rules.is_jump(one.previous, value):
        percent = rules.change_in_percent(one.previous, value)
        assert percent is not None
        words = WORDS["jump"].format(
            before=written(one.previous),
            way=WORDS["up" if percent > 0 else "down"],
            percent=format_number(abs(percent), 0),
        )
        found.ask(one.element.slug, words)


@dataclass(frozen=True)
class Change:
    """One figure that differs from the last period's."""

    asked: Asked
    before: Decimal
    now: Decimal

    @property
    def percent(self) -> Decimal | None:
        return rules.change_in_percent(self.before, self.now)


def changes(values: Mapping[str, Mapping[str, Any]], asked: Iterable[Asked]) -> dict[str, Change]:
    """Element → its change against the last period, where both are known."""
    found = {}
    for one in asked:
        now = value_of(values.get(one.element.slug))
        if now is not None and one.previous is not None and now != one.previous:
            found[one.element.slug] = Change(one, one.previous, now)
    return found


def widest(found: Mapping[str, Change]) -> str:
    """The widest change as a short phrase: "28 → 32 (+14%)"; "" when there is none."""
    numbers = [c for c in found.values() if c.asked.element.kind == "number"]
    if not numbers:
        return ""
    one = max(numbers, key=lambda c: abs(c.percent or Decimal(0)))
    phrase = f"{written(one.before)} → {written(one.now)}"
    if one.percent is None:
        return phrase
    sign = "+" if one.percent > 0 else "−"
    return f"{phrase} ({sign}{format_number(abs(one.percent), 0)}%)"
