"""What a letter of urging says: plain official words, the most pressing first; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from namro import vietnamese
from namro.web.oversight.rules import Step, lateness

# What is asked of the reader, by step; said once for all things of the step.
_ASKS = {
    Step.SUPERIOR: (
        "Các việc sau của đơn vị cấp dưới đã quá hạn kéo dài",
        "Đề nghị đồng chí chỉ đạo đơn vị giải trình nguyên nhân và hoàn thành dứt điểm.",
    ),
    Step.HEAD: (
        "Các việc sau của đơn vị do đồng chí phụ trách đã quá hạn",
        "Đề nghị đồng chí chỉ đạo hoàn thành ngay; nếu có vướng mắc, báo cáo rõ nguyên nhân.",
    ),
    Step.LATE: (
        "Các việc sau đã quá hạn",
        "Đề nghị đồng chí hoàn thành ngay trong ngày.",
    ),
    Step.DUE: (
        "Các việc sau đến hạn hôm nay",
        "Đề nghị đồng chí hoàn thành trong ngày hôm nay.",
    ),
    Step.SOON: (
        "Các việc sau sắp đến hạn",
        "Đề nghị đồng chí bố trí hoàn thành đúng hạn.",
    ),
}
_ROMAN = ("I", "II", "III", "IV", "V")


@dataclass(frozen=True)
class Item:
    """One thing in a letter. `due` is the deadline in words, `link` empty where none is known."""

    step: Step
    title: str
    unit: str
    due_on: date
    due: str
    link: str


def subject(items: Sequence[Item], today: date) -> str:
    """The line of the e-mail's subject: one thing by name, many by their number."""
    if len(items) == 1:
        only = items[0]
        title = only.title if len(only.title) <= 150 else only.title[:149].rstrip() + "…"
        return vietnamese.tidy(f"Đôn đốc: {title} – {lateness(only.due_on, today)}")
    late = sum(1 for i in items if i.due_on < today)
    now = sum(1 for i in items if i.due_on == today)
    counts = ((late, "quá hạn"), (now, "đến hạn hôm nay"), (len(items) - late - now, "sắp đến hạn"))
    said = ", ".join(f"{n} việc {words}" for n, words in counts if n)
    return f"Đôn đốc: {said} (ngày {vietnamese.format_date(today)})"


def body(name: str, items: Sequence[Item], *, today: date, place: str) -> str:
    """The letter's text. `name` is the reader's full name, `place` who urges."""
    parts = [
        f"Kính gửi đồng chí {name},",
        f"Theo kết quả rà soát tiến độ ngày {vietnamese.format_date(today)}, {place} "
        "đôn đốc đồng chí các nội dung sau:",
    ]
    groups = [(step, [i for i in items if i.step is step]) for step in _ASKS]
    groups = [(step, members) for step, members in groups if members]
    for number, (step, members) in enumerate(groups):
        heading, ask = _ASKS[step]
        mark = f"{_ROMAN[number]}. " if len(groups) > 1 else ""
        lines = [f"{mark}{heading}:"]
        for n, item in enumerate(sorted(members, key=lambda i: i.due_on), start=1):
            lines += _lines(n, item, today)
        parts += ["\n".join(lines), ask]
    parts.append(
        "Nếu việc đã hoàn thành, đề nghị cập nhật kết quả trên hệ thống để dừng đôn đốc.\n"
        "Thư do hệ thống gửi tự động, mỗi bước đôn đốc chỉ gửi một lần."
    )
    return "\n\n".join(parts) + "\n"


def _lines(number: int, item: Item, today: date) -> list[str]:
    lines = [
        f"{number}. {vietnamese.tidy(item.title)}",
        f"   Đơn vị: {item.unit}",
        f"   Thời hạn: {item.due} ({lateness(item.due_on, today)})",
    ]
    return [*lines, f"   Mở tại: {item.link}"] if item.link else lines
