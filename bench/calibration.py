"""How honest the confidence of a reading is: of the fields said to be sure, how many are right.

    python -m bench.calibration [--corpus DIR] [--scorer FILE] [--show]

Needs documents labelled by hand (gold/*.json beside raw/) and the scorer that pairs what was read
with the labels; both stand beside the repository, or are named. Prints one line a field: how many
values were said with a confidence of at least 0.9, of 0.7–0.9 and below, and the share that is
right of each; exits with 1 when less than 98% of those said with 0.9 and more are right.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from namro.reading import UnreadableDocument, read_plan

BESIDE = Path(__file__).resolve().parents[2] / "shared"
WANTED = 0.98
BANDS = ((0.9, "≥ 0.9"), (0.7, "0.7–0.9"), (0.0, "< 0.7"))


@dataclass(frozen=True)
class Said:
    """One value that was read: which field, how sure, how right (0–1), and where."""

    field: str
    sure: float
    right: float
    where: str
    read: Any
    label: Any

    @property
    def band(self) -> str:
        return next(name for least, name in BANDS if self.sure >= least)


def scorer(path: Path) -> ModuleType:
    """The scorer as a module: how values are compared is said in one place only."""
    spec = importlib.util.spec_from_file_location("reading_scorer", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def collect(corpus: Path, rules: ModuleType) -> Iterator[Said]:
    """Every value said about every labelled document that can be read."""
    for path in sorted((corpus / "gold").glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        raw = corpus / "raw" / gold["source_text"]
        if not raw.exists():
            continue
        try:
            plan = read_plan(raw).as_json()
        except UnreadableDocument as why:
            print(f"{path.stem}: {why}", file=sys.stderr)
            continue
        yield from _head(gold["document"], plan["document"], rules, path.stem)
        yield from _items(gold, plan, "targets", rules, path.stem)
        yield from _items(gold, plan, "tasks", rules, path.stem)


def _head(gold: dict, read: dict, rules: ModuleType, where: str) -> Iterator[Said]:
    for name, score in rules.HEADER_FIELDS.items():
        sure = read.get("confidence", {}).get(name)
        if sure is not None and read.get(name):
            yield Said(f"head {name}", sure, score(gold, read), where, read[name], gold.get(name))


def _items(gold: dict, plan: dict, kind: str, rules: ModuleType, document: str) -> Iterator[Said]:
    fits = rules.target_fits if kind == "targets" else rules.task_fits
    fields = rules.TARGET_FIELDS if kind == "targets" else rules.TASK_FIELDS
    pairs, _, _ = rules.pair(gold[kind], plan[kind], fits)
    label = {j: gold[kind][i] for i, j in pairs}
    for j, read in enumerate(plan[kind]):
        where = f"{document}: {read['quote'][:70]}"
        known = label.get(j)
        if known is None and kind == "tasks":
            known = _part_of(read, gold[kind], rules)
        sure = read["confidence"]
        whole = min(sure.values(), default=0.0)
        yield Said(f"{kind} itself", whole, float(known is not None), where, "", "")
        for name, score in fields.items() if j in label else ():
            note = label[j].get(f"{name.removesuffix('_iso')}_note") or ""
            given = sure.get(name, sure.get(name.removesuffix("_iso")))
            if given is not None and not note.startswith("either"):
                right = score(label[j], read)
                yield Said(f"{kind} {name}", given, right, where, read[name], label[j].get(name))


def _part_of(read: dict, gold: list[dict], rules: ModuleType) -> dict | None:
    """A further piece of one labelled task is no false alarm."""
    return next((g for g in gold if rules.overlap(g["quote"], read["quote"]) >= 0.8), None)


def table(said: list[Said]) -> str:
    """One line a field, one column a band: how many, and the share that is right."""
    names = [name for _, name in BANDS]
    lines = [f"{'field':<24}" + "".join(f"{name:>18}" for name in names)]
    for field in [*sorted({s.field for s in said}), "all"]:
        own = [s for s in said if field in (s.field, "all")]
        cells = [_cell([s for s in own if s.band == name]) for name in names]
        lines.append(f"{field:<24}" + "".join(f"{cell:>18}" for cell in cells))
    return "\n".join(lines)


def _cell(said: list[Said]) -> str:
    return f"{len(said)} · {share(said):.3f}" if said else "–"


def share(said: list[Said]) -> float:
    """The share that is right, 1 where nothing is said."""
    return sum(s.right for s in said) / len(said) if said else 1.0


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--corpus", type=Path, default=BESIDE / "corpus")
    ask.add_argument("--scorer", type=Path, default=BESIDE / "tools" / "score_reading.py")
    ask.add_argument("--show", action="store_true", help="each value said ≥ 0.9 that is not right")
    args = ask.parse_args()
    if not args.scorer.exists() or not (args.corpus / "gold").is_dir():
        print("no labelled documents beside the repository", file=sys.stderr)
        return 2
    said = list(collect(args.corpus, scorer(args.scorer)))
    print(table(said))
    sure = [s for s in said if s.band == BANDS[0][1]]
    for s in sure if args.show else ():
        if s.right < 1:
            print(f"{s.right:.2f} {s.field} [{s.where}] read {s.read!r} label {s.label!r}")
    verdict = "ok" if share(sure) >= WANTED else "short"
    print(f"said ≥ 0.9: {len(sure)}, right {share(sure):.4f} (≥ {WANTED})  {verdict}")
    return int(share(sure) < WANTED)


if __name__ == "__main__":
    sys.exit(main())
