"""`namro compare OLD NEW` and `namro compare --superior UPPER PLAN`: a table, or JSON."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from namro.reading.command import show, write
from namro.reading.comparison.findings import (
    Change,
    Comparison,
    Coverage,
    Difference,
    Effect,
    Item,
    Trace,
)
from namro.reading.comparison.labels import FIELD_LABELS
from namro.reading.comparison.tracing import trace
from namro.reading.comparison.versions import compare_versions
from namro.reading.door import read_plan
from namro.reading.plan import ReadPlan
from namro.reading.stored import NotAPlan, plan_of
from namro.reading.unreadable import UnreadableDocument


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `namro compare`."""
    parser.add_argument(
        "files",
        nargs="+",
        type=Path,
        metavar="TỆP",
        help="bản cũ và bản mới; với --superior chỉ ghi tệp của kế hoạch",
    )
    parser.add_argument(
        "--superior", type=Path, metavar="TỆP", help="văn bản cấp trên cần đối chiếu"
    )
    parser.add_argument(
        "--json", metavar="RA", help="ghi kết quả dạng JSON ra tệp, hoặc - để in ra"
    )
    parser.add_argument(
        "--all", action="store_true", help="in cả mục giữ nguyên, mục không giao cho cấp này"
    )


def run(args: argparse.Namespace) -> int:
    """0 when compared; 1 when a document is at fault; 2 when the files are not two."""
    wanted = 1 if args.superior else 2
    if len(args.files) != wanted:
        usage = "--superior CẤP_TRÊN KẾ_HOẠCH" if args.superior else "BẢN_CŨ BẢN_MỚI"
        print(f"Cần đúng hai văn bản: namro compare {usage}", file=sys.stderr)  # noqa: T201
        return 2
    files = [args.superior, *args.files] if args.superior else args.files
    try:
        first, second = (_plan(file) for file in files)
    except UnreadableDocument as why:
        print(str(why), file=sys.stderr)  # noqa: T201
        return 1
    found = trace(first, second) if args.superior else compare_versions(first, second)
    if args.json is not None:
        text = json.dumps(found.as_json(), ensure_ascii=False, indent=1) + "\n"
        return _handed_out(args.json, text)
    lines = traced(found, args.all) if isinstance(found, Trace) else compared(found, args.all)
    show("\n".join(lines) + "\n")
    return 0


def _handed_out(where: str, text: str) -> int:
    if where == "-":
        show(text)
        return 0
    return write(Path(where), text)


def _plan(file: Path) -> ReadPlan:
    """A document, or what `namro read --json` made of it before."""
    if file.suffix.lower() != ".json":
        return read_plan(file)
    mend = "Hãy dùng tệp do lệnh namro read --json ghi ra, hoặc chính văn bản."
    try:
        return plan_of(json.loads(file.read_text(encoding="utf-8-sig")), file.name)
    except (OSError, UnicodeDecodeError, ValueError) as why:
        said = str(why) if isinstance(why, NotAPlan) else "không đọc được dữ liệu JSON."
        raise UnreadableDocument("BAD_JSON", file.name, said, mend) from why


def compared(comparison: Comparison, whole: bool = False) -> Iterator[str]:
    """Two versions for people: the counts, then each line, unchanged ones only if `whole`."""
    yield f"So sánh: {_named(comparison.old)} (bản cũ) với {_named(comparison.new)} (bản mới)"
    for change, count in comparison.counts().items():
        yield f"  {change.label}: {count}"
    for line in comparison.lines:
        if line.changes == (Change.UNCHANGED,) and not whole:
            continue
        yield ""
        labels = "; ".join(c.label for c in line.changes)
        yield f"[{labels}]" + (_sure(line.confidence) if line.old and line.new else "")
        yield from _item("Cũ ", line.old)
        yield from _item("Mới", line.new)
        yield from _differences(line.differences)


def traced(found: Trace, whole: bool = False) -> Iterator[str]:
    """The traceability table for people; what is not asked of this level only if `whole`."""
    yield f"Đối chiếu: {_named(found.superior)} (cấp trên) với {_named(found.plan)} (kế hoạch)"
    for coverage, count in found.counts().items():
        yield f"  {coverage.label}: {count}"
    for line in found.lines:
        if line.coverage is Coverage.ELSEWHERE and not whole:
            continue
        yield ""
        linked = line.superior and line.plan
        yield f"[{line.coverage.label}]" + (_sure(line.confidence) if linked else "")
        yield from _item("Cấp trên", line.superior)
        yield from _item("Kế hoạch", line.plan)
        yield from _differences(line.differences)
        if line.coverage is Coverage.MISSING:
            for near in line.candidates[:2]:
                yield f"  gần nhất ({near.score:.0%}): {_short(near.item.quote)}"


def _named(plan: ReadPlan) -> str:
    head = plan.document
    number = f"số {head.number}" if head.number else ""
    return " ".join(p for p in (head.kind, number) if p) or plan.file


def _sure(confidence: float) -> str:
    return f" (ghép chắc {confidence:.0%})"


def _item(label: str, item: Item | None) -> Iterable[str]:
    if item is None:
        return
    kind = "chỉ tiêu" if item.kind == "target" else "nhiệm vụ"
    where = f"trang {item.place.page or 1}, đoạn {(item.place.block or 0) + 1}"
    yield f"  {label}: {_short(item.quote)} [{kind} {item.number}; {where}]"


def _differences(differences: Sequence[Difference]) -> Iterator[str]:
    for difference in differences:
        if difference.field == "words" and difference.effect is Effect.WORDS:
            continue
        old, new = (_short(v or "(không ghi)", 80) for v in (difference.old, difference.new))
        yield f"    {FIELD_LABELS[difference.field]}: {old} → {new}"


def _short(text: str, most: int = 200) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else f"{flat[: most - 1].rstrip()}…"
