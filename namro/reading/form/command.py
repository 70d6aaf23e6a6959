"""`namro check FILE`: faults of the content and deviations from the official form."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from namro.reading import UnreadableDocument, read_plan
from namro.reading.form.checking import FormChecked, check_form
from namro.reading.plan import ReadPlan, placed
from namro.terms import Fault


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `namro check`."""
    parser.add_argument("file", type=Path, metavar="TỆP", help="văn bản cần kiểm tra")
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")


def run(args: argparse.Namespace) -> int:
    """0 when nothing is found; 1 when the document has faults or deviations, or is unreadable."""
    try:
        plan = read_plan(args.file)
    except UnreadableDocument as why:
        print(str(why), file=sys.stderr)  # noqa: T201
        return 1
    checked = check_form(args.file, plan)
    if args.json:
        print(json.dumps(_as_json(plan, checked), ensure_ascii=False, indent=1))  # noqa: T201
    else:
        print("\n".join(as_lines(plan, checked)))  # noqa: T201
    return int(bool(plan.faults or checked.deviations))


def main(argv: Sequence[str] | None = None) -> int:
    """The command on its own."""
    parser = argparse.ArgumentParser(prog="namro check", description="Kiểm tra một văn bản.")
    add_arguments(parser)
    return run(parser.parse_args(argv))


def _as_json(plan: ReadPlan, checked: FormChecked) -> dict[str, Any]:
    return {
        "form": checked.source,
        "looks_seen": checked.looks_seen,
        "deviations": [_fault(f) for f in checked.deviations],
        "faults": [_fault(f) for f in plan.faults],
    }


def _fault(fault: Fault) -> dict[str, Any]:
    return {
        "code": fault.code,
        "message": fault.message,
        "suggestion": fault.suggestion,
        "quote": fault.quote,
        "place": placed(fault.place),
    }


def as_lines(plan: ReadPlan, checked: FormChecked) -> Iterator[str]:
    """The result for people."""
    yield f"Thể thức: {len(checked.deviations)} điểm sai khác"
    if checked.source is None:
        yield "  Không có thể thức nào của Đảng hoặc Nhà nước trong danh mục cho ngày của văn bản."
    else:
        yield f"  So với {checked.source}."
    if not checked.looks_seen:
        yield "  Tệp không phải .docx nên không xem được khổ giấy, lề, phông, cỡ và kiểu chữ."
    yield from _listed(checked.deviations, with_page=False)
    yield f"Nội dung: {len(plan.faults)} điểm cần xem lại"
    yield from _listed(plan.faults, with_page=True)


def _listed(faults: Sequence[Fault], *, with_page: bool) -> Iterator[str]:
    for i, fault in enumerate(faults, 1):
        where = ""
        if fault.place is not None and fault.place.block is not None:
            page = f"trang {fault.place.page}, " if with_page and fault.place.page else ""
            where = f" [{page}đoạn {fault.place.block + 1}]"
        yield f"{i:>3}. {fault.message}{where}"
        if fault.suggestion:
            yield f"     {fault.suggestion}"
