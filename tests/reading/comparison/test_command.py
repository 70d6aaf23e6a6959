"""`namro compare`: exit codes, JSON, the tables for people."""

from __future__ import annotations

import json

import pytest

from namro.__main__ import main
from tests.reading.making import SEED


@pytest.fixture
def lower(tmp_path):
    text = SEED.read_text(encoding="utf-8").replace("tối thiểu 45%.", "tối thiểu 40%.")
    file = tmp_path / "ban-moi.txt"
    file.write_text(text, encoding="utf-8")
    return file


def test_two_versions_as_a_table(lower, capsys):
    assert main(["compare", str(SEED), str(lower)]) == 0

    out = capsys.readouterr().out
    assert "[Hạ mức, nới lỏng]" in out and "Mức: ≥ 45% → ≥ 40%" in out
    assert "trang 1, đoạn 14" in out
    assert "Giữ nguyên: 25" in out and "[Giữ nguyên]" not in out


def test_two_versions_as_json(lower, capsys):
    assert main(["compare", str(SEED), str(lower), "--json", "-"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert found["format"] == "namro-comparison/1"
    assert found["counts"] == {"WEAKENED": 1, "UNCHANGED": 25}
    line = found["lines"][0]
    assert line["changes"] == ["WEAKENED"]
    assert line["differences"][0] == {
        "field": "level", "old": "≥ 45%", "new": "≥ 40%", "effect": "WEAKER",
    }  # fmt: skip
    assert line["old"]["place"]["block"] == line["new"]["place"]["block"] == 13


def test_against_the_superiors(lower, tmp_path, capsys):
    out = tmp_path / "doi-chieu.json"
    assert main(["compare", "--superior", str(SEED), str(lower), "--json", str(out)]) == 0

    found = json.loads(out.read_text(encoding="utf-8"))
    assert found["format"] == "namro-trace/1"
    assert found["counts"] == {"WEAKER": 1, "COVERED": 25}
    assert main(["compare", "--superior", str(SEED), str(lower)]) == 0
    assert "[Thấp hơn, lỏng hơn]" in capsys.readouterr().out


def test_a_plan_read_before_is_compared_as_its_document(lower, tmp_path, capsys):
    kept = tmp_path / "ban-cu.json"
    assert main(["read", str(SEED), "--json", str(kept)]) == 0

    assert main(["compare", str(kept), str(lower), "--json", "-"]) == 0

    assert json.loads(capsys.readouterr().out)["counts"] == {"WEAKENED": 1, "UNCHANGED": 25}


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": "namro-plan/1"}', "\x00"])
def test_data_that_is_no_plan_is_refused(content, lower, tmp_path, capsys):
    bad = tmp_path / "hong.json"
    bad.write_text(content, encoding="utf-8")

    assert main(["compare", str(bad), str(lower)]) == 1

    said = capsys.readouterr().err
    assert "hong.json" in said and "namro read --json" in said


def test_a_document_that_cannot_be_read_is_refused_as_reading_does(lower, tmp_path, capsys):
    empty = tmp_path / "rong.txt"
    empty.write_text("", encoding="utf-8")

    assert main(["compare", str(lower), str(empty)]) == 1
    assert main(["compare", str(lower), str(tmp_path / "khong-co.txt")]) == 1

    assert "rong.txt" in capsys.readouterr().err


@pytest.mark.parametrize("more", [["--superior", "a.txt"], []])
def test_the_wrong_number_of_files_is_wrong_usage(more, lower, capsys):
    files = [str(lower)] * (2 if more else 1)

    assert main(["compare", *more, *files]) == 2
    assert "Cần đúng hai văn bản" in capsys.readouterr().err
