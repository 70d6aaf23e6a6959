"""From the province's figure down to the cell of a commune's file, through the pages alone."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from namro.web.facts import actions as facts
from namro.web.facts.rules import Said
from namro.web.reporting.models import Duty, Round, Submission
from tests.web.results.conftest import AT, CADRES, TRAINED

pytestmark = pytest.mark.django_db


@pytest.fixture
def approved(world):
    """What c1 handed in by Excel for September, approved: 32 of 40."""
    facts.open_period(period_code="202509", at=AT)
    round = Round.objects.create(
        plan=world.plan, period="202509", due_at=AT, opened_by=world.people["dieuphoi"],
        opened_at=AT,
    )  # fmt: skip
    duty = Duty.objects.create(
        round=round, unit=world.units["c1"], receiver=world.units["12-SNV"],
        elements=[CADRES, TRAINED],
    )  # fmt: skip
    submission = Submission.objects.create(
        duty=duty, version=1, status="APPROVED", workbook_sha256="1" * 64,
        workbook_name="bieu-xa-suoi-mot.xlsx", saved_at=AT,
        saved_by=world.people["baocao"], submitted_by=world.people["baocao"], submitted_at=AT,
        decided_by=world.people["duyet"], decided_at=AT + timedelta(hours=3),
        values={CADRES: {"value": "40"}, TRAINED: {"value": "32", "note": "Có 2 người đang học"}},
    )  # fmt: skip
    pk = world.units["c1"].pk
    facts.record(
        said=[
            Said(CADRES, pk, "202509", Decimal(40), "Biểu 1!E6"),
            Said(TRAINED, pk, "202509", Decimal(32), "Biểu 1!E7"),
        ],
        source=f"submission:{submission.pk}",
        by=world.people["duyet"],
        at=AT + timedelta(hours=3),
    )
    return submission


def test_figure_leads_to_person_approval_file_and_cell(world, approved, enter):
    client = enter("dieuphoi")
    target = world.targets["5"]
    top = client.get(f"/chi-tieu/{target.pk}/").content.decode()
    assert "80,0%" in top
    link = re.search(r'href="(/chi-tieu/\d+/nguon/\?[^"]*don-vi=c1[^"]*)"', top)[1]
    page = " ".join(client.get(link.replace("&amp;", "&")).content.decode().split())
    for words in (
        "32 / 40 người = 80,0%",
        "Phùng Văn Báo nộp 16:00, 20/9/2025",
        "Tẩn Thị Duyệt duyệt 19:00, 20/9/2025",
        "bieu-xa-suoi-mot.xlsx",
        "ô Biểu 1!E7",
        "Có 2 người đang học",
        f"/ban-nop/{approved.pk}/",
    ):
        assert words in page, words
