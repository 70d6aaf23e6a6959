"""Every fault of the catalogue is found where its example has it, and no code is left untold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from namro.reading import read_plan
from namro.reading.faults.catalogue import catalogue

ROOM = Path(__file__).parents[2] / "namro" / "reading"
SHOWN = [kind for kind in catalogue() if kind.example]


def faults_of(tmp_path, text: str):
    path = tmp_path / "văn bản.md"
    path.write_text(text, encoding="utf-8")
    return read_plan(path).faults


@pytest.mark.parametrize("kind", SHOWN, ids=lambda kind: kind.code)
def test_example_of_the_catalogue_has_its_fault(tmp_path, kind):
    found = {fault.code: fault for fault in faults_of(tmp_path, kind.example)}

    assert kind.code in found
    assert found[kind.code].message and found[kind.code].suggestion


def test_every_code_that_is_raised_stands_in_the_catalogue():
    raised = set()
    for path in ROOM.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "form" in path.parts[-2:-1]:
            continue
        for call in re.finditer(r"\bFault\(\s*(?P<first>[^,]+),", text):
            raised |= set(re.findall(r'"([A-Z_]{5,})"', call["first"]))
        raised |= set(re.findall(r'code = "([A-Z_]{5,})" if \w+ else "[A-Z_]+"', text))
        raised |= set(re.findall(r'code = "[A-Z_]{5,}" if \w+ else "([A-Z_]+)"', text))

    assert raised == {kind.code for kind in catalogue()}


@pytest.mark.parametrize(
    "text",
    [
        "Tổng kinh phí là 550 triệu đồng, bao gồm: ngân sách tỉnh 300 triệu đồng; ngân sách xã "
        "250 triệu đồng.",
        "Quy hoạch thời kỳ 2021 - 2030, tầm nhìn đến năm 2050.",
        "Quyết định số 57/QĐ-UBND ngày 21/3/2022 thực hiện Nghị quyết số 09-NQ/TU ngày 01/11/2021.",
        "Quyết định số 57/QĐ-UBND ngày 21/3/2021; Nghị quyết số 09-NQ/TU ngày 01/11/2021.",
        "Cấp nước cho 1.500 hộ dân, diện tích 1,500 ha, tỷ lệ 8,5%.",
        "Từ ngày 10/5/2026 đến ngày 20/5/2026.",
        "Danh mục tại Phụ lục ban hành kèm theo Nghị định số 80/2021/NĐ-CP.",
    ],
)
def test_what_is_right_raises_no_alarm(tmp_path, text):
    head = SHOWN[4].example.rpartition("Thực hiện")[0]
    loud = {"NO_DEADLINE", "SENTENCE_CUT"}

    assert {fault.code for fault in faults_of(tmp_path, head + text)} <= loud


def test_table_whose_total_is_wrong(tmp_path):
    table = """
| TT | Nội dung | Kinh phí |
|---|---|---|
| 1 | Khảo sát | 1.200,5 |
| 2 | Lập dự án | 800 |
| 3 | Thi công | 3.000 |
|  | Tổng cộng | {total} |
"""

    wrong = faults_of(tmp_path, "KẾ HOẠCH\n" + table.format(total="5.100,5"))
    right = faults_of(tmp_path, "KẾ HOẠCH\n" + table.format(total="5.000,5"))

    assert [f.quote for f in wrong if f.code == "SUM_WRONG"] == ["5.100,5"]
    assert not [f for f in right if f.code == "SUM_WRONG"]


def test_faults_never_change_a_value(tmp_path):
    text = "KẾ HOẠCH\n\nI. MỤC TIÊU\n\n1. Tỷ lệ hộ nghèo còn 8.5% vào năm 2027.\n"
    path = tmp_path / "kh.txt"
    path.write_text(text, encoding="utf-8")

    plan = read_plan(path)

    assert any(f.code == "DECIMAL_MARK" for f in plan.faults)
    assert "8.5%" in plan.targets[0].quote
