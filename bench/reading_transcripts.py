"""What recognition costs: scans that have transcripts beside the repository, each read both ways.

CER and WER are edits a letter and a word of the transcript, blanks counted once; the score is the
F1 of tasks and targets against the labels, of the transcript less that of the scan.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from rapidfuzz.distance import Levenshtein

from bench.calibration import BESIDE
from bench.line import Line
from namro.reading.sources import open_document

SCANS = ("064", "065")
MAX_CER, MAX_WER = 0.10, 0.15  # the worse of the two is an old letter, stamped and signed by hand
MAX_LOSS = 0.05
_PAGE_MARK = re.compile(r"-+\s*page \d+.*", re.IGNORECASE)


def measure(root: Path) -> Iterator[Line]:
    """Two lines a scan and two for their scores; none, and a word on it, where there are none."""
    raw, scorer = BESIDE / "corpus" / "raw", BESIDE / "tools" / "score_reading.py"
    names = [n for n in SCANS if all((raw / f"{n}.{kind}").exists() for kind in ("pdf", "txt"))]
    if not names or not scorer.exists():
        print("no scans with transcripts beside the repository: not measured", file=sys.stderr)
        return
    for name in names:
        yield from _letters(raw / f"{name}.pdf", raw / f"{name}.txt")
    typed, seen = (_score(root, scorer, raw, names, kind) for kind in ("txt", "pdf"))
    for field in ("tasks_f1", "targets_f1"):
        if field in typed and field in seen:
            loss = typed[field] - seen[field]
            yield Line(f"{field} lost by scans against transcripts", loss, "F1", MAX_LOSS)


def _letters(scan: Path, transcript: Path) -> Iterator[Line]:
    read = _tidy(" ".join(block.text for block in open_document(scan).blocks))
    true = _tidy(_PAGE_MARK.sub("", transcript.read_text(encoding="utf-8")))
    letters = Levenshtein.distance(true, read) / len(true)
    words = Levenshtein.distance(true.split(), read.split()) / len(true.split())
    yield Line(f"letters of scan {scan.stem} read wrong", letters, "share", MAX_CER)
    yield Line(f"words of scan {scan.stem} read wrong", words, "share", MAX_WER)


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _score(root: Path, scorer: Path, raw: Path, names: list[str], kind: str) -> dict[str, float]:
    """The figures the scorer gives for these documents read from files of one kind."""
    with TemporaryDirectory(prefix="namro-bench-") as folder:
        said = Path(folder) / "score.json"
        command = [sys.executable, str(scorer), "--raw", str(raw), "--suffix", kind]
        reads = f"{sys.executable} -m namro read {{}} --json -"
        command += ["--only", *names, "--read", reads, "--json", str(said)]
        subprocess.run(command, cwd=root, check=True, capture_output=True)
        figures = json.loads(said.read_text(encoding="utf-8"))
    return {name: value for name, value in figures.items() if isinstance(value, float)}
