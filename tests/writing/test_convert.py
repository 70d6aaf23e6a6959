"""The .docx opened by a real office suite, and what happens without one."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from namro.writing import ConversionFailed, OfficeSuiteMissing, convert, write_report
from tests.writing.papers import draft, party, party_2026, state

with_office = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not shutil.which("soffice"), reason="cần LibreOffice: apt install libreoffice-writer-nogui"
    ),
]


def words(file: Path) -> list[list[str]]:
    with pypdfium2.PdfDocument(file) as opened:
        texts = [page.get_textpage().get_text_range() for page in opened]
    return [re.sub(r"[\ufffe\u00a0\u0002]", " ", text).split() for text in texts]


@pytest.mark.parametrize(
    "make", [pytest.param(make, marks=with_office) for make in (party, party_2026, state, draft)]
)
def test_office_suite_shows_the_docx_as_the_pdf(tmp_path: Path, make: Callable) -> None:
    report = replace(make(), appendices=())
    write_report(report, tmp_path / "a.docx")
    write_report(report, tmp_path / "own.pdf")
    convert(tmp_path / "a.docx", tmp_path / "office.pdf")
    own, office = words(tmp_path / "own.pdf"), words(tmp_path / "office.pdf")
    assert len(office) == len(own)
    assert office == own  # the same words on the same pages


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="cần LibreOffice")
def test_conversion_past_its_time_is_ended_and_said(tmp_path: Path) -> None:
    write_report(party(), tmp_path / "a.docx")
    with pytest.raises(ConversionFailed, match="đã dừng"):
        convert(tmp_path / "a.docx", tmp_path / "a.pdf", seconds=0.05)
    assert not (tmp_path / "a.pdf").exists()


def test_missing_office_suite_is_said_with_the_command(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OfficeSuiteMissing, match="apt install libreoffice-writer-nogui"):
        convert(tmp_path / "a.docx", tmp_path / "a.pdf")


def test_failing_office_suite_is_said_and_writes_nothing(tmp_path: Path, monkeypatch) -> None:
    office = tmp_path / "soffice"
    office.write_text("#!/bin/sh\necho hỏng >&2\nexit 1\n")
    office.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    (tmp_path / "a.docx").write_bytes(b"x")
    with pytest.raises(ConversionFailed, match=r"“a\.docx”.*hỏng"):
        convert(tmp_path / "a.docx", tmp_path / "a.pdf")
    assert not (tmp_path / "a.pdf").exists()
