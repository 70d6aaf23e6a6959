"""Two readings of the seed plan, one edited, and their comparison."""

from __future__ import annotations

from namro.web.plans import actions as plans
from namro.web.plans.comparing import actions
from namro.web.plans.comparing.models import Comparison
from namro.web.plans.comparing.queries import open_rulings
from namro.web.plans.comparing.table import Row, rows_of
from namro.web.plans.models import Reading
from tests.web.plans.sample import AT, SEED, read_seed

EDITS = (
    ("tối thiểu 45%.", "tối thiểu 40%."),
    ("(19). Đẩy mạnh ứng dụng thương mại điện tử; quy mô kinh tế số đạt 6,5% GRDP.\n\n", ""),
    ("(14). Có", "(14). Đến năm 2026,"),
    ("2. Nhiệm vụ: Có Phụ lục", "(21). 90% trường học có Internet cáp quang.\n\n2. Nhiệm vụ: Có"),
)


def read_text(world, text: str, name: str = "ban-moi.txt", unit: str = "12-VP") -> Reading:
    """Another document, received and read."""
    reading = plans.receive_document(
        by=world.dieuphoi, at=AT, unit=world.units[unit], file_name=name,
        chunks=[text.encode()],
    )  # fmt: skip
    found = plans.run_reading(reading.pk, AT)
    assert found.state == "READ", found.failure
    return found


def edited_seed() -> str:
    text = SEED.read_text(encoding="utf-8")
    for old, new in EDITS:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def make_comparison(world, kind: str = "VERSIONS", unit: str = "12-VP") -> Comparison:
    """The seed (older, or the superior's) with its edited copy."""
    old, new = read_seed(world, unit=unit), read_text(world, edited_seed(), unit=unit)
    row, done = actions.ask_comparison(kind=kind, old=old, new=new, by=world.dieuphoi, at=AT)
    assert done
    row.refresh_from_db()
    return row


def rows_now(comparison: Comparison) -> list[Row]:
    comparison.refresh_from_db()
    return rows_of(comparison.kind, comparison.found, open_rulings(comparison))


def row_of(comparison: Comparison, words: str) -> Row:
    return next(r for r in rows_now(comparison) if words in r.item["quote"])
