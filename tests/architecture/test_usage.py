"""The command line speaks Vietnamese, argparse's own words too."""

from __future__ import annotations

import re

import pytest

from namro.__main__ import COMMANDS, main
from namro.usage import in_vietnamese

ENGLISH = re.compile(
    r"\b(usage|options|positional|arguments?|error|show this|required|invalid|choose|expected)\b",
    re.IGNORECASE,
)


def said(capsys, *words: str) -> str:
    with pytest.raises(SystemExit) as caught:
        main(list(words))
    told = capsys.readouterr()
    assert caught.value.code == (0 if "--help" in words else 2)
    return told.out + told.err


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_vietnamese(capsys, command):
    told = said(capsys, *filter(None, [command, "--help"]))
    assert told.startswith("Cách dùng: namro") and "in hướng dẫn này rồi thôi" in told
    assert not ENGLISH.search(told), ENGLISH.search(told)


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ([], "thiếu: LỆNH"),
        (["mesure"], "LỆNH: không có 'mesure'; chọn một trong: 'read'"),
        (["measure"], "thiếu: CÁCH_ĐO, --period"),
        (["measure", "x", "--period"], "--period: thiếu giá trị đi kèm"),
        (["measure", "x", "--period", "2025Q5"], "Mã kỳ báo cáo không đúng"),
        (["measure", "x", "--period", "2025", "--as-of", "mai"], "không phải thời điểm: mai"),
        (["measure", "x", "--period", "2025", "--zz"], "không hiểu: --zz"),
        (["serve", "--port", "tám"], "--port: 'tám' không phải số nguyên"),
    ],
)
def test_wrong_usage_is_said_in_vietnamese(capsys, words, what):
    told = said(capsys, *words)
    assert what in told and "--help để xem hướng dẫn" in told
    assert not ENGLISH.search(told), ENGLISH.search(told)


@pytest.mark.parametrize(
    ("english", "vietnamese"),
    [
        ("argument --a: not allowed with argument --b", "--a: không dùng cùng với --b"),
        ("ambiguous option: --e could match --ea, --eb", "--e có thể là: --ea, --eb; hãy ghi đủ"),
        ("argument -v: ignored explicit argument 'x'", "-v: không nhận giá trị 'x'"),
        ("one of the arguments --a --b is required", "phải có một trong: --a --b"),
        ("argument x: expected 2 arguments", "x: cần 2 giá trị đi kèm"),
        ("Tệp không đọc được.", "Tệp không đọc được."),
    ],
)
def test_every_complaint_of_argparse_has_its_words(english, vietnamese):
    assert in_vietnamese(english) == vietnamese
