"""Confidence means something: of the fields said to be sure, nearly all are right."""

from __future__ import annotations

import pytest

from bench import calibration

SCORER = calibration.BESIDE / "tools" / "score_reading.py"


@pytest.mark.skipif(not SCORER.exists(), reason="no labelled documents beside the repository")
def test_fields_said_to_be_sure_are_right():
    said = list(calibration.collect(calibration.BESIDE / "corpus", calibration.scorer(SCORER)))
    print(calibration.table(said))  # noqa: T201
    sure = [s for s in said if s.sure >= 0.9]

    assert len(sure) > 300
    assert calibration.share(sure) >= calibration.WANTED


def test_table_counts_each_band_apart():
    said = [
        calibration.Said("head date", 0.95, 1.0, "a", "2025", "2025"),
        calibration.Said("head date", 0.9, 0.0, "b", "2025", "2024"),
        calibration.Said("head date", 0.6, 1.0, "c", "2025", "2025"),
    ]

    lines = calibration.table(said).splitlines()

    assert lines[1].split() == ["head", "date", "2", "·", "0.500", "–", "1", "·", "1.000"]
    assert calibration.share(said[:1]) == 1
