"""The form opened and saved by a real office suite."""

import shutil
import subprocess
from pathlib import Path

import pytest

from namro.workbook import read
from tests.workbook.forms import FILLED, filled_file, small_layout

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("soffice"), reason="cần LibreOffice (libreoffice-calc)"),
]


def test_form_saved_by_libreoffice_comes_back_unchanged(tmp_path: Path) -> None:
    file = filled_file(tmp_path)
    (tmp_path / "saved").mkdir()
    done = subprocess.run(
        [
            "soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
            "--convert-to", "xlsx", "--outdir", str(tmp_path / "saved"), str(file),
        ],
        capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    saved = tmp_path / "saved" / "bieu.xlsx"
    if not saved.exists():
        pytest.skip(f"LibreOffice ở đây không mở được bảng tính: {done.stderr.decode()[:200]}")
    found = read(saved, small_layout())
    assert found.faults == []
    assert {element: cell.value for element, cell in found.values.items()} == FILLED
