"""`namro read FILE…`: reads a document and prints the plan as JSON, or a table for people."""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from namro.reading import KnownUnit, ReadPlan, UnreadableDocument, read_plan
from namro.terms import Comparator, Place
from namro.vietnamese import format_number

_SIGNS = {
    Comparator.AT_LEAST: "≥",
    Comparator.MORE_THAN: ">",
    Comparator.EQUAL: "=",
    Comparator.LESS_THAN: "<",
    Comparator.AT_MOST: "≤",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `namro read`."""
    parser.add_argument("files", nargs="+", type=Path, metavar="TỆP", help="văn bản cần đọc")
    parser.add_argument(
        "--json", metavar="RA", help="ghi kết quả dạng JSON ra tệp, hoặc - để in ra"
    )
    parser.add_argument(
        "--units", type=Path, metavar="CSV", help="danh sách đơn vị: cột code,name[,aliases]"
    )
    parser.add_argument(
        "--pages", type=_page_range, metavar="A-B", help="chỉ đọc các trang từ A đến B của tệp PDF"
    )
    parser.add_argument(
        "--document",
        type=int,
        default=1,
        metavar="N",
        help="đọc văn bản thứ N khi tệp gồm nhiều văn bản (mặc định: văn bản đầu)",
    )


def run(args: argparse.Namespace) -> int:
    """0 when read; 1 when the input is at fault, with the reason on standard error."""
    try:
        known = read_units(args.units) if args.units else ()
        plan = read_plan(
            args.files,
            known,
            pages=args.pages,
            progress=_progress(),
            document=args.document,
        )
    except UnreadableDocument as why:
        print(str(why), file=sys.stderr)  # noqa: T201
        return 1
    if args.json is None:
        show("\n".join(as_lines(plan)) + "\n")
        return 0
    text = json.dumps(plan.as_json(), ensure_ascii=False, indent=1) + "\n"
    if args.json == "-":
        show(text)
        return 0
    return write(Path(args.json), text)


def main(argv: Sequence[str] | None = None) -> int:
    """The command on its own."""
    parser = argparse.ArgumentParser(
        prog="namro read", description="Đọc văn bản, tìm chỉ tiêu và nhiệm vụ."
    )
    add_arguments(parser)
    return run(parser.parse_args(argv))


def show(text: str) -> None:
    """To standard output; a reader that has gone is no error."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of a pipe had enough ("| head"); nothing is lost
        sys.stdout = open(os.devnull, "w", encoding="utf-8")


def write(out: Path, text: str) -> int:
    """To a file: 0, or 1 with the reason on standard error."""
    try:
        out.write_text(text, encoding="utf-8")
    except OSError:
        print(f"Không ghi được tệp “{out}”: hãy kiểm tra thư mục và quyền ghi.", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _page_range(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?", text.strip())
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 1 <= first <= last:
        raise argparse.ArgumentTypeError(f"khoảng trang không đúng: {text!r} (mẫu: 2-5)")
    return first, last


def read_units(path: Path) -> tuple[KnownUnit, ...]:
    """Units of a CSV file: columns code,name[,aliases]; aliases are parted by ";".

    Raises UnreadableDocument naming the line at fault.
    """
    mend = "Hãy dùng tệp CSV mã hóa UTF-8 có các cột code,name,aliases."
    try:
        rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error) as why:
        raise UnreadableDocument(
            "UNITS_FILE", path.name, "không đọc được danh sách đơn vị.", mend
        ) from why
    names = [cell.strip().lower() for cell in rows[0]] if rows else []
    if "code" not in names or "name" not in names:
        raise UnreadableDocument(
            "UNITS_FILE", path.name, "thiếu cột code hoặc name ở dòng 1.", mend
        )
    units = []
    for line, row in enumerate(rows[1:], start=2):
        said = dict(zip(names, (cell.strip() for cell in row), strict=False))
        if not any(row):
            continue
        if not said.get("code") or not said.get("name"):
            raise UnreadableDocument(
                "UNITS_FILE", path.name, f"dòng {line} thiếu mã hoặc tên đơn vị.", mend
            )
        aliases = tuple(a.strip() for a in said.get("aliases", "").split(";") if a.strip())
        units.append(KnownUnit(said["code"], said["name"], aliases))
    return tuple(units)


class _Shown:
    """Progress on one line of the terminal."""

    def __call__(self, stage: str, done: int, of: int) -> None:
        end = "\n" if done >= of else ""
        sys.stderr.write(f"\r{stage}: trang {done}/{of}{end}")
        sys.stderr.flush()


def _progress() -> _Shown | None:
    return _Shown() if sys.stderr.isatty() else None


def as_lines(plan: ReadPlan) -> Iterable[str]:
    """The plan for people, in Vietnamese."""
    head = plan.document
    yield (
        " ".join(part for part in (head.kind, head.number and f"số {head.number}") if part)
        or plan.file
    )
    for label, value in (
        ("Trích yếu", head.title),
        ("Cơ quan ban hành", head.issuer),
        ("Ngày", head.date),
        ("Người ký", head.signer_role),
        ("Viện dẫn", ", ".join(c.number for c in head.cites)),
    ):
        yield f"  {label}: {value or '(không ghi)'}"
    yield f"\nChỉ tiêu: {len(plan.targets)}"
    for i, target in enumerate(plan.targets, start=1):
        due = f" — {target.deadline}" if target.deadline else ""
        yield f"{i:>3}. {_level(plan, i - 1)} {target.subject}{due} [{_where(target.place)}]"
    yield f"\nNhiệm vụ: {len(plan.tasks)}"
    for i, task in enumerate(plan.tasks, start=1):
        lead = ", ".join(m.text for m in task.lead) or "(không ghi đơn vị)"
        partners = ", ".join(m.text for m in task.cooperate)
        yield f"{i:>3}. {task.title} [{_where(task.place)}]"
        yield f"     Chủ trì: {lead}" + (f"; phối hợp: {partners}" if partners else "")
        yield f"     Thời hạn: {task.deadline or '(không ghi)'}"
    yield f"\nSai sót cần xem lại: {len(plan.faults)}"
    for i, fault in enumerate(plan.faults, start=1):
        where = f" [{_where(fault.place)}]" if fault.place else ""
        yield f"{i:>3}. {fault.message}{where}" + (
            f" {fault.suggestion}" if fault.suggestion else ""
        )


def _level(plan: ReadPlan, i: int) -> str:
    target = plan.targets[i]
    if target.value is None:
        return "(cột mốc)"
    value = format_number(target.value)
    unit = (
        "" if not target.unit else target.unit if target.unit.startswith("%") else f" {target.unit}"
    )
    if target.comparator is Comparator.RANGE and target.value_high is not None:
        return f"{value}–{format_number(target.value_high)}{unit}"
    return f"{_SIGNS[target.comparator]} {value}{unit}"


def _where(place: Place) -> str:
    return f"trang {place.page}, đoạn {(place.block or 0) + 1}"
