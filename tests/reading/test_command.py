"""`namro read`: exit codes, JSON, the table for people."""

from __future__ import annotations

import json

import pytest

from namro.reading.command import main
from tests.reading.making import SEED

PLAN_KEYS = set(
    ("format document document_order documents sections targets tasks faults read_with").split()
)
TARGET_KEYS = set(
    (
        "quote place section subject comparator value value_high unit deadline deadline_from "
        "scope soft baseline inner monitor confidence"
    ).split()
)
TASK_KEYS = set(
    (
        "quote place section title lead cooperate deadline deadline_iso deadline_from product "
        "manner confidence"
    ).split()
)


def test_json_goes_to_standard_output(capsys):
    assert main([str(SEED), "--json", "-"]) == 0

    plan = json.loads(capsys.readouterr().out)
    assert plan["format"] == "namro-plan/1"
    assert set(plan) == PLAN_KEYS
    assert set(plan["targets"][0]) == TARGET_KEYS
    assert set(plan["tasks"][0]) == TASK_KEYS
    assert set(plan["targets"][0]["place"]) == {"file", "page", "block", "start", "end"}


def test_json_goes_to_a_file(tmp_path):
    out = tmp_path / "kế hoạch.json"

    assert main([str(SEED), "--json", str(out)]) == 0
    assert len(json.loads(out.read_text(encoding="utf-8"))["targets"]) == 20


def test_table_for_people_is_vietnamese(capsys):
    assert main([str(SEED)]) == 0

    shown = capsys.readouterr().out
    assert "Chỉ tiêu: 20" in shown and "Nhiệm vụ: 6" in shown and "Sai sót cần xem lại" in shown
    assert "≥ 45%" in shown


def test_bad_input_exits_with_one_and_a_message(tmp_path, capsys):
    path = tmp_path / "trống.docx"
    path.write_bytes(b"")

    assert main([str(path), "--json", "-"]) == 1
    told = capsys.readouterr()
    assert told.out == "" and "trống.docx" in told.err and "Traceback" not in told.err


@pytest.mark.parametrize("wrong", [[], ["a.txt", "--pages", "5-2"], ["a.txt", "--nothing"]])
def test_wrong_usage_exits_with_two(wrong, capsys):
    with pytest.raises(SystemExit) as stop:
        main(wrong)
    assert stop.value.code == 2


def test_units_are_read_from_a_table(tmp_path, capsys):
    units = tmp_path / "units.csv"
    units.write_text(
        "code,name,aliases\nubnd,Ủy ban nhân dân tỉnh,UBND tỉnh\nvp,Văn phòng Đảng ủy UBND tỉnh,\n",
        encoding="utf-8",
    )

    assert main([str(SEED), "--json", "-", "--units", str(units)]) == 0
    codes = [f["code"] for f in json.loads(capsys.readouterr().out)["faults"]]
    assert codes.count("UNKNOWN_UNIT") == 4  # of eight names three are "UBND tỉnh", one the office


@pytest.mark.parametrize("text", ["mã,tên\n1,2\n", "code,name\n,Sở Y tế\n", ""])
def test_bad_table_of_units_is_refused(tmp_path, capsys, text):
    units = tmp_path / "units.csv"
    units.write_text(text, encoding="utf-8")

    assert main([str(SEED), "--units", str(units)]) == 1
    assert "units.csv" in capsys.readouterr().err


def test_output_that_cannot_be_written_is_told(tmp_path, capsys):
    assert main([str(SEED), "--json", str(tmp_path / "không" / "a.json")]) == 1
    assert "Không ghi được" in capsys.readouterr().err
