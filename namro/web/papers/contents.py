"""Frozen contents → the report in its official structure. The only maker of a paper's text.

Contents are plain JSON: `figures.freeze` (facts), `head` (rules.Head), `words` (what a person
wrote between the figures), form, number, day. The same contents always give the same Report.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from namro.terms import Standing, TaskState
from namro.vietnamese import capitalised, format_date
from namro.web.papers.rules import Head
from namro.writing import (
    BulletList,
    Definition,
    Paragraph,
    Report,
    ResultTable,
    Section,
    Signature,
    Stamp,
)

FORMAT = "namro-report/1"
Contents = dict[str, Any]
Block = Paragraph | BulletList | ResultTable


def contents_of(
    facts: Contents,
    *,
    form: str,
    head: Head,
    words: dict[str, str],
    number: str,
    issued_on: date,
) -> Contents:
    """Put together what is frozen on issue."""
    return {
        "format": FORMAT,
        "form": form,
        "head": head.as_json(),
        "words": words,
        "number": number,
        "issued_on": issued_on.isoformat(),
        "facts": facts,
    }


def report_of(contents: Contents, stamp: Stamp | None = None) -> Report:
    """The report as plain data for the writer."""
    facts, words = contents["facts"], contents["words"]
    head = Head.from_json(contents["head"])
    return Report(
        form=contents["form"],
        superior_body=head.superior_body,
        issuing_body=head.issuing_body,
        symbol=head.symbol,
        place=head.place,
        title=head.title,
        signature=Signature(head.authority, head.post, head.signer or None),
        number=contents["number"] or None,
        issued_on=date.fromisoformat(contents["issued_on"]),
        opening=tuple(_written(words["opening"])),
        sections=(
            Section("I", "Tình hình triển khai", _situation(facts, words)),
            Section("II", "Kết quả thực hiện chỉ tiêu"),
            *_targets(facts, words),
            Section("III", "Kết quả thực hiện nhiệm vụ", _tasks(facts, words)),
            Section("IV", "Tồn tại, hạn chế", _shortcomings(facts, words)),
            Section("V", "Phương hướng, nhiệm vụ thời gian tới", _directions(facts, words)),
        ),
        recipients=head.recipients,
        stamp=stamp,
    )


def stamp_of(contents: Contents, *, code: str, issued_at: datetime) -> Stamp:
    """What makes the paper checkable: as of when, the code, each definition used."""
    figures = contents["facts"]["figures"]
    used = {f["measure"]: f for f in figures if f["definition"]}
    return Stamp(
        as_of=_local(datetime.fromisoformat(contents["facts"]["as_of"])),
        issued_at=_local(issued_at),
        verification_code=code,
        definitions=tuple(
            Definition(f"({f['code']}) {f['measure_title']}", f["says"], f["definition"])
            for f in used.values()
        ),
    )


def _local(moment: datetime) -> datetime:
    """Vietnam's wall clock, without zone, as the paper prints it."""
    return timezone.localtime(moment).replace(tzinfo=None)


def _written(text: str) -> list[Paragraph]:
    """What a person wrote: a paragraph a line, empty lines left out."""
    return [Paragraph(line.strip()) for line in text.splitlines() if line.strip()]


def _joined(*groups: Iterable[Block]) -> tuple[Block, ...]:
    return tuple(block for group in groups for block in group)


# --- I ----------------------------------------------------------------------------------------


def _situation(facts: Contents, words: dict[str, str]) -> tuple[Block, ...]:
    hard = [f for f in facts["figures"] if not f["soft"]]
    soft = len(facts["figures"]) - len(hard)
    leads = {name for f in facts["figures"] for name in f["leads"]}
    count = sum(facts["tasks"]["counts"].values())
    asked = [f"{len(hard)} chỉ tiêu"]
    asked += [f"{soft} mục tiêu phấn đấu"] if soft else []
    asked += [f"{count} nhiệm vụ"] if count else []
    said = f"Kế hoạch đề ra {_listed(asked)}"
    said += f"; {len(leads)} cơ quan, đơn vị chủ trì chỉ tiêu." if leads else "."
    heard = facts["returns"]
    moment = _local(datetime.fromisoformat(facts["as_of"]))
    at = f"{moment:%H} giờ {moment:%M} phút ngày {format_date(moment.date())}"
    told = f"Số liệu kỳ {facts['period_label']} chốt đến {at}"
    if heard["expected"]:
        told += f"; {heard['heard']}/{heard['expected']} xã, phường đã báo cáo đủ"
    return _joined([Paragraph(said), Paragraph(f"{told}.")], _written(words["situation"]))


def _listed(items: Sequence[str]) -> str:
    return ", ".join(items[:-1]) + f" và {items[-1]}" if len(items) > 1 else items[0]


# --- II ---------------------------------------------------------------------------------------


def _targets(facts: Contents, words: dict[str, str]) -> list[Section]:
    hard = [f for f in facts["figures"] if not f["soft"]]
    soft = [f for f in facts["figures"] if f["soft"]]
    groups = [
        ("Các chỉ tiêu đạt", [f for f in hard if f["standing"] == Standing.REACHED]),
        ("Các chỉ tiêu chưa đạt", [f for f in hard if f["standing"] in _SHORT]),
        ("Các chỉ tiêu chưa có số liệu", [f for f in hard if f["standing"] == Standing.NO_DATA]),
        ("Mục tiêu phấn đấu", soft),
    ]
    table: list[Block] = [_table(facts["figures"]), *_carried(facts["figures"])]
    blocks = _joined([Paragraph(_summed_up(hard))], table)
    sections = [Section("1", "Tổng hợp kết quả", blocks)]
    for title, members in groups:
        if members:
            items = BulletList(tuple(_item(f) for f in members))
            number = str(len(sections) + 1)
            sections.append(Section(number, f"{title} ({len(members)})", (items,)))
    if remarks := _written(words["targets"]):
        sections.append(Section(str(len(sections) + 1), "Nhận xét", tuple(remarks)))
    return sections


_NO_TARGETS = "Kế hoạch không đề ra chỉ tiêu."
_NO_TASKS = "Kế hoạch không giao nhiệm vụ cho đơn vị."
_SHORT = (Standing.ON_COURSE, Standing.BEHIND, Standing.NOT_REACHED)


def _summed_up(hard: list[Contents]) -> str:
    counted = [(s, sum(1 for f in hard if f["standing"] == s)) for s in Standing]
    said = [f"{count} chỉ tiêu {_LONG[s]}" for s, count in counted if count]
    return f"Trong {len(hard)} chỉ tiêu có: {'; '.join(said)}." if said else _NO_TARGETS


_LONG = {
    Standing.REACHED: "đạt",
    Standing.ON_COURSE: "đúng hướng (chưa đến hạn)",
    Standing.BEHIND: "chậm tiến độ (chưa đến hạn)",
    Standing.NOT_REACHED: "chưa đạt (đã đến hạn)",
    Standing.NO_DATA: "chưa có số liệu",
}


def _item(figure: Contents) -> str:
    """One result as a bullet: its number in the plan, its sentence, how it stands while not due."""
    said = f"Chỉ tiêu ({figure['code']}): {capitalised(figure['sentence'])}"
    if figure["standing"] in (Standing.ON_COURSE, Standing.BEHIND) and not figure["soft"]:
        said = f"{said.rstrip('.')}; {_LONG[Standing(figure['standing'])]}."
    return said


def _table(figures: list[Contents]) -> ResultTable:
    rows = tuple(
        (
            f["code"],
            capitalised(f["subject"]),
            f["threshold"],
            f["shown"],
            f["parts"].split(" ")[0],
            f"{f['heard']}/{f['expected']}" if f["definition"] else "",
            Standing(f["standing"]).label + (" (phấn đấu)" if f["soft"] else ""),
        )
        for f in figures
    )
    return ResultTable(
        columns=("TT", "Chỉ tiêu", "Ngưỡng", "Kết quả", "Tử số/mẫu số", "Đã báo cáo", "Đánh giá"),
        rows=rows,
        widths=(8, 44, 16, 17, 45, 14, 21),
        aligns=("center", "left", "right", "right", "right", "center", "left"),
        caption="Kết quả thực hiện các chỉ tiêu",
    )


def _carried(figures: list[Contents]) -> list[Paragraph]:
    """The table's note: which of its figures count units with an older value, and how many."""
    told = [(f["code"], f["counted"] - f["heard"]) for f in figures]
    named = "; ".join(f"({code}) {carried} đơn vị" for code, carried in told if carried)
    if not named:
        return []
    said = "Ghi chú: số đơn vị chưa báo cáo kỳ này, tạm tính theo số kỳ trước còn hiệu lực"
    return [Paragraph(f"{said}: chỉ tiêu {named}.")]


# --- III, IV, V -------------------------------------------------------------------------------


def _tasks(facts: Contents, words: dict[str, str]) -> tuple[Block, ...]:
    counts, late = facts["tasks"]["counts"], facts["tasks"]["late"]
    if not sum(counts.values()):
        return _joined([Paragraph(_NO_TASKS)], _written(words["tasks"]))
    done = counts[TaskState.DONE_ON_TIME] + counts[TaskState.DONE_LATE]
    open_ = counts[TaskState.WITHIN_TERM] + counts[TaskState.OVERDUE]
    said = (
        f"Tổng số {done + open_} nhiệm vụ: đã hoàn thành {done} (đúng hạn "
        f"{counts[TaskState.DONE_ON_TIME]}, quá hạn {counts[TaskState.DONE_LATE]}); chưa hoàn "
        f"thành {open_} (trong hạn {counts[TaskState.WITHIN_TERM]}, quá hạn "
        f"{counts[TaskState.OVERDUE]})."
    )
    blocks: list[Block] = [Paragraph(said)]
    if late:
        blocks.append(_late_tasks(late))
    return _joined(blocks, _written(words["tasks"]))


def _late_tasks(late: list[Contents]) -> ResultTable:
    return ResultTable(
        columns=("TT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời hạn", "Quá hạn (ngày)"),
        rows=tuple(
            (
                str(n),
                f"{t['code']}. {capitalised(t['title'])}" if t["code"] else capitalised(t["title"]),
                ", ".join(t["leads"]) or "Chưa giao",
                format_date(date.fromisoformat(t["due_on"])),
                str(t["days"]),
            )
            for n, t in enumerate(late, start=1)
        ),
        widths=(9, 74, 42, 24, 18),
        aligns=("center", "left", "left", "center", "right"),
        caption="Các nhiệm vụ quá hạn chưa hoàn thành",
    )


def _shortcomings(facts: Contents, words: dict[str, str]) -> tuple[Block, ...]:
    items = []
    hard = [f for f in facts["figures"] if not f["soft"]]
    missed = [f["code"] for f in hard if f["standing"] in (Standing.BEHIND, Standing.NOT_REACHED)]
    silent = [f["code"] for f in hard if f["standing"] == Standing.NO_DATA]
    if missed:
        items.append(f"{len(missed)} chỉ tiêu chậm hoặc đến hạn chưa đạt: {_codes(missed)}.")
    if silent:
        items.append(f"{len(silent)} chỉ tiêu chưa có số liệu để đánh giá: {_codes(silent)}.")
    if late := facts["tasks"]["late"]:
        items.append(
            f"{len(late)} nhiệm vụ quá hạn chưa hoàn thành, lâu nhất {late[0]['days']} ngày."
        )
    if units := facts["returns"]["late"]:
        named = "; ".join(
            f"{u['name']} ({u['count']} báo cáo, lâu nhất {u['days']} ngày)" for u in units
        )
        items.append(f"{len(units)} đơn vị chậm nộp báo cáo số liệu: {named}.")
    told: list[Block] = [BulletList(tuple(items))] if items else []
    if not items:
        told = [Paragraph("Không có chỉ tiêu chậm, nhiệm vụ quá hạn hay báo cáo chậm nộp.")]
    return _joined(told, _written(words["causes"]))


def _codes(codes: Sequence[str]) -> str:
    return ", ".join(f"({c})" for c in codes)


def _directions(facts: Contents, words: dict[str, str]) -> tuple[Block, ...]:
    """What follows from the facts alone; everything else is for a person to write."""
    hard = [f for f in facts["figures"] if not f["soft"]]
    open_ = [f["code"] for f in hard if f["standing"] in _SHORT]
    silent = [f["code"] for f in hard if f["standing"] == Standing.NO_DATA]
    counts = facts["tasks"]["counts"]
    items = []
    if open_:
        items.append(f"Tập trung thực hiện các chỉ tiêu chưa đạt: {_codes(open_)}.")
    if silent:
        items.append(f"Bổ sung số liệu các chỉ tiêu chưa có số liệu: {_codes(silent)}.")
    if counts[TaskState.OVERDUE]:
        items.append(f"Hoàn thành dứt điểm {counts[TaskState.OVERDUE]} nhiệm vụ quá hạn.")
    if counts[TaskState.WITHIN_TERM]:
        items.append(f"Hoàn thành đúng hạn {counts[TaskState.WITHIN_TERM]} nhiệm vụ trong hạn.")
    if units := facts["returns"]["late"]:
        items.append(f"Đôn đốc {len(units)} đơn vị chậm nộp báo cáo số liệu.")
    told: list[Block] = [BulletList(tuple(items))] if items else []
    if not items:
        told = [Paragraph("Duy trì kết quả các chỉ tiêu đã đạt.")]
    return _joined(told, _written(words["directions"]))
