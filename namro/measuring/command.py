"""`namro measure`: figures from an installation's store, for people or as JSON."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, timezone
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from namro.measuring.assembly import Result
from namro.measuring.definitions import (
    Count,
    FaultyDefinition,
    Library,
    Measure,
    load,
    terms_of,
)
from namro.measuring.direct import measure
from namro.measuring.engines import StoreFault, Tables, open_store
from namro.measuring.examples import load_own
from namro.measuring.explain import shown, steps
from namro.measuring.sources import sources
from namro.measuring.versions import VersionUsed, versions_used
from namro.terms import Period

_VIETNAM = timezone(timedelta(hours=7))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `namro measure`."""
    parser.add_argument(
        "wanted",
        metavar="CÁCH_ĐO",
        help="mã cách đo (nq57.5g-coverage) hoặc phần đầu của mã (nq57) để lấy cả kế hoạch",
    )
    parser.add_argument(
        "--period", required=True, type=_period, metavar="KỲ", help="202509, 2025Q3, 2025S2, 2025"
    )
    parser.add_argument(
        "--as-of", type=_moment, metavar="LÚC", help="chốt số liệu đến lúc: 2025-09-20[T16:00]"
    )
    parser.add_argument("--unit", metavar="MÃ", help="mã đơn vị; không nêu thì lấy cấp cao nhất")
    parser.add_argument(
        "--engine",
        default=os.environ.get("NAMRO_ENGINE") or "duckdb",
        metavar="TÊN",
        help="bộ máy tính: duckdb (mặc định) hoặc spark; cũng đặt được bằng NAMRO_ENGINE",
    )
    parser.add_argument(
        "--json", metavar="RA", help="ghi kết quả dạng JSON ra tệp, hoặc - để in ra"
    )
    parser.add_argument(
        "--dir", metavar="THƯ_MỤC", help="thư mục bản cài đặt (mặc định NAMRO_HOME)"
    )


def run(args: argparse.Namespace) -> int:
    """0 when computed; 1 when the library, the store or the question is at fault (Vietnamese)."""
    home = Path(args.dir or os.environ.get("NAMRO_HOME", "var")).resolve()
    try:
        library = _library(home)
        chosen = _chosen(library, args.wanted)
        with _store(home, args.engine) as tables:
            names = _names(tables)
            units = _units(tables, names, args.unit)
            results = measure(chosen, tables, period=args.period, as_of=args.as_of, units=units)
            versions = _versions(chosen, library, tables, units, args)
    except (FaultyDefinition, StoreFault, LookupError) as why:
        sys.stderr.write(f"{why.args[0]}\n")
        return 1
    if args.json is None:
        sys.stdout.write("\n".join(_lines(results, names, versions)) + "\n")
        return 0
    told = _document(args, results, names, versions)
    text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    if args.json == "-":
        sys.stdout.write(text)
        return 0
    try:
        Path(args.json).write_text(text, encoding="utf-8")
    except OSError:
        sys.stderr.write(f"Không ghi được tệp {args.json}; hãy chọn thư mục đã có và ghi được.\n")
        return 1
    return 0


def _store(home: Path, engine: str) -> Tables:
    """NAMRO_SPARK names a cluster's Connect server, NAMRO_SPARK_STORE where it finds the store."""
    if engine != "spark":
        return open_store(home / "store", engine)
    path = os.environ.get("NAMRO_SPARK_STORE") or home / "store"
    return open_store(path, engine, cluster=os.environ.get("NAMRO_SPARK") or None)


def _period(code: str) -> Period:
    try:
        return Period.of(code)
    except ValueError as why:
        raise argparse.ArgumentTypeError(str(why)) from why


def _moment(text: str) -> datetime:
    """A moment in Vietnam's time; a bare day means its end."""
    try:
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text), time.max, tzinfo=_VIETNAM)
        told = datetime.fromisoformat(text)
    except ValueError as why:
        raise argparse.ArgumentTypeError(f"không phải thời điểm: {text} (2025-09-20)") from why
    return told if told.tzinfo else told.replace(tzinfo=_VIETNAM)


def _library(home: Path) -> Library:
    own = home / "measures"
    return load_own(own) if own.is_dir() else load()


def _chosen(library: Library, wanted: str) -> list[Measure]:
    if wanted in library.measures:
        return [library.measures[wanted]]
    found = [m for slug, m in library.measures.items() if slug.startswith(f"{wanted}.")]
    if not found:
        near = get_close_matches(wanted, list(library.measures), n=3, cutoff=0.7)
        alike = near or [slug for slug, _ in library.suggest(wanted)[:3]]
        alike = alike or list(library.measures)[:3]
        raise LookupError(f"Không có cách đo “{wanted}”. Có thể là: {', '.join(alike)}.")
    return found


def _names(tables: Tables) -> dict[str, str]:
    with tables.session() as session:
        return dict(session.rows("SELECT unit, name FROM units ORDER BY level DESC, unit"))


def _units(tables: Tables, names: dict[str, str], unit: str | None) -> list[str]:
    """The asked unit, or those at the top of the tree. Raises LookupError for an unknown one."""
    if unit is not None:
        if unit not in names:
            raise LookupError(f"Không có đơn vị nào mang mã “{unit}” trong kho số liệu.")
        return [unit]
    with tables.session() as session:
        rows = session.rows(
            "SELECT DISTINCT unit FROM units WHERE level = (SELECT MIN(level) FROM units)"
        )
    return sorted(row[0] for row in rows)


Versions = dict[tuple[str, str], list[VersionUsed]]
"""(measure, unit) → the versions of catalogues behind its figure."""


def _versions(
    chosen: Sequence[Measure],
    library: Library,
    tables: Tables,
    units: Sequence[str],
    args: argparse.Namespace,
) -> Versions:
    """Asked only of measures that count a catalogue."""
    versioned = {slug for slug, dataset in library.datasets.items() if dataset.version}
    found: Versions = {}
    for one in chosen:
        items = [i for t in terms_of(one) for i in t.items if isinstance(i, Count)]
        if not any(i.dataset in versioned for i in items):
            continue
        for unit in units:
            rows = sources(one, tables, units=[unit], period=args.period, as_of=args.as_of)
            found[one.slug, unit] = versions_used(one, rows, library.datasets, tables)
    return found


def _lines(results: Sequence[Result], names: dict[str, str], versions: Versions) -> list[str]:
    if not results:
        return ["Không có đơn vị nào phải báo cáo các cách đo này trong kỳ."]
    lines = []
    for result in results:
        title = result.definition.title if result.definition else result.measure
        where = names.get(result.unit, result.unit)
        lines.append(f"{title} – {where}, {result.period.label}: {shown(result)}")
        lines += [f"    {line}" for line in steps(result)]
        for used in versions.get((result.measure, result.unit), ()):
            lines.append(f"    {used.title} làm căn cứ: {used.told}")
    return lines


def _document(
    args: argparse.Namespace,
    results: Sequence[Result],
    names: dict[str, str],
    versions: Versions,
) -> dict[str, Any]:
    return {
        "format": "namro-results/1",
        "period": args.period.code,
        "as_of": args.as_of.isoformat() if args.as_of else None,
        "results": [
            _told(r, names)
            | {"versions": [_version(v) for v in versions.get((r.measure, r.unit), ())]}
            for r in results
        ],
    }


def _version(used: VersionUsed) -> dict[str, Any]:
    days = {"decided_on": used.decided_on, "from_on": used.from_on}
    told = {name: day.isoformat() if day else None for name, day in days.items()}
    return {"dataset": used.dataset, "unit": used.unit, "number": used.number, **told}


def _told(result: Result, names: dict[str, str]) -> dict[str, Any]:
    """A result as JSON: sums as exact decimal texts, the value exact, as a number and as shown."""
    exact = result.value
    return {
        "measure": result.measure,
        "title": result.definition.title if result.definition else None,
        "unit": result.unit,
        "unit_name": names.get(result.unit),
        "numerator": None if result.numerator is None else f"{result.numerator:f}",
        "denominator": None if result.denominator is None else f"{result.denominator:f}",
        "value": None if exact is None else round(float(exact), 6),
        "exact": None if exact is None else str(exact),
        "shown": shown(result),
        "mark": result.mark.value if result.mark else None,
        "counted": result.counted,
        "heard": result.heard,
        "expected": result.expected,
        "missing": list(result.missing),
        "parts": [_told(part, names) for part in result.parts],
    }
