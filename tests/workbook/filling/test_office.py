"""The filled template opened and reckoned anew by a real office suite."""

import shutil
import subprocess

import openpyxl
import pytest

from namro.workbook.filling import fill, place
from tests.workbook.filling.forms import mapping, material, opened, small_book

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("soffice"), reason="cần LibreOffice (libreoffice-calc)"),
]


def test_office_opens_the_filled_template_and_reckons_its_formulas(tmp_path):
    template = opened(small_book(), tmp_path)
    file = tmp_path / "dien.xlsx"
    file.write_bytes(fill(template, place(mapping(), template, material()).cells))
    done = subprocess.run(
        [
            "soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
            "--convert-to", "xlsx", "--outdir", str(tmp_path / "saved"), str(file),
        ],
        capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    saved = tmp_path / "saved" / "dien.xlsx"
    assert saved.exists(), done.stderr.decode()[:300]
    sheet = openpyxl.load_workbook(saved, data_only=True)["Biểu 1"]
    assert sheet["E9"].value == pytest.approx(0.4568)
    assert sheet["B2"].value == "tháng 9 năm 2025"
