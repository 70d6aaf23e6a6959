"""Synthetic dossiers in the shape of the national portal's export, one CSV a period.

Personal columns are in the file, made up, so that the door can be seen dropping them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

from namro.terms import Calendar, Period

FIELDS = ("Hộ tịch", "Đất đai", "Chứng thực", "Bảo trợ xã hội", "Đăng ký kinh doanh", "Xây dựng")


def write_month(
    period: Period,
    units: Sequence[str],
    rows: int,
    way: float,
    out: Path,
    *,
    seed: int,
    until: date,
) -> None:
    """Write `rows` dossiers received in the period; `way` (0…1) raises the digital shares.

    Dossiers are resolved within 30 days or not yet at `until`.
    """
    draw = np.random.default_rng(seed)
    first = period.first_day(Calendar.ADMINISTRATIVE)
    last = min(period.last_day(Calendar.ADMINISTRATIVE), until)
    received = np.datetime64(first) + draw.integers(0, (last - first).days + 1, rows)
    weights = draw.dirichlet(np.full(len(units), 6.0))
    unit = draw.choice(len(units), rows, p=weights)
    lean = np.random.default_rng(7).normal(0, 0.07, len(units))[unit]  # a unit stays itself
    resolved = received + draw.integers(1, 31, rows)
    done = resolved <= np.datetime64(until)
    told = {
        "dossier": _codes(period, rows),
        "unit": np.array(units)[unit],
        "received_on": received.astype(str),
        "due_on": (received + 20).astype(str),
        "resolved_on": np.where(done, resolved.astype(str), ""),
        "channel": _channels(draw, rows, 0.58 + 0.16 * way + lean),
        "digitised": _yes_no(draw.random(rows) < 0.62 + 0.18 * way + lean),
        "result_electronic": np.where(
            done, _yes_no(draw.random(rows) < 0.57 + 0.20 * way + lean), ""
        ),
        **_bystanders(draw, rows),
    }
    pa.csv.write_csv(pa.table({k: pa.array(v.tolist()) for k, v in told.items()}), out)


def _bystanders(draw: np.random.Generator, rows: int) -> dict[str, np.ndarray]:
    """Columns no measure reads, the personal ones among them."""
    return {
        "applicant_name": _numbered("Người nộp số ", rows),
        "phone": _numbered("0000", rows),
        "procedure": _numbered("1.00", draw.integers(1000, 1400, rows)),
        "field": np.array(FIELDS)[draw.integers(0, len(FIELDS), rows)],
        "paid_online": np.array(("yes", "no", "none"))[draw.integers(0, 3, rows)],
        "officer": _numbered("cb", draw.integers(1, 400, rows)),
        "satisfaction": draw.choice(("", "3", "4", "5"), rows, p=(0.5, 0.08, 0.2, 0.22)),
    }


def _codes(period: Period, rows: int) -> np.ndarray:
    return np.char.add(f"H12-{period.code}-", np.char.zfill(np.arange(rows).astype(str), 6))


def _numbered(before: str, numbers: int | np.ndarray) -> np.ndarray:
    numbers = np.arange(numbers) if isinstance(numbers, int) else numbers
    return np.char.add(before, numbers.astype(str))


def _channels(draw, rows: int, online: np.ndarray) -> np.ndarray:
    return np.where(
        draw.random(rows) < online, "online", np.where(draw.random(rows) < 0.8, "counter", "post")
    )


def _yes_no(flags: np.ndarray) -> np.ndarray:
    return np.where(flags, "yes", "no")
