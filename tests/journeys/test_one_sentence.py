"""From a sentence of the document to an overdue reminder, and back to the sentence.

III.1 of the seed plan: a page break cuts it in two, its partners lend each other the tail of a
name, and it has no deadline of its own.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.core import mail
from django.urls import reverse

from namro.web.org import actions as org
from namro.web.org.models import Unit, UnitLink
from namro.web.org.rules import Kind, Role, Tree
from namro.web.oversight import reminders
from namro.web.plans import actions as plans
from namro.web.reporting import actions as reporting
from tests.conftest import ROOT
from tests.world import AT, OPENED

BODIES = {
    "12-BTGDV": "Ban Tuyên giáo và Dân vận Đảng ủy UBND tỉnh",
    "12-BTC": "Ban Tổ chức Đảng ủy UBND tỉnh",
}
DEADLINE = date(2025, 12, 31)


@pytest.fixture
def party_bodies(world):
    """The two advisory bodies that the sentence names beside those of the small province."""
    for code, name in BODIES.items():
        unit = Unit.objects.create(code=code, name=name, kind=Kind.PARTY_BODY, opened_on=OPENED)
        world.units[code] = unit
        UnitLink.objects.create(
            tree=Tree.PARTY, unit=unit, superior=world.units["12-DU"], from_on=OPENED
        )
    org.rebuild_ancestors()
    officer = org.create_user(
        by=None, at=AT, username="tuyengiao", full_name="Sùng Thị Giáo", password=None,
        email="tuyengiao@mau.example", must_change_password=False,
    )  # fmt: skip
    org.appoint(
        by=None, at=AT, user=officer, unit=world.units["12-BTGDV"], role=Role.REPORTER,
        from_on=OPENED,
    )  # fmt: skip
    world.people["tuyengiao"] = officer
    return world


def confirmed(world):
    """The seed plan, read by the machine, each item accepted by the coordinator."""
    by = world.people["dieuphoi"]
    reading = plans.receive_document(
        by=by, at=AT, unit=world.units["12-DU"], file_name="ke-hoach.txt",
        chunks=[(ROOT / "demo" / "plan.txt").read_bytes()],
    )  # fmt: skip
    plans.run_reading(reading.pk, at=AT)
    reading.refresh_from_db()
    draft = reading.draft
    for item in draft["targets"] + draft["tasks"]:
        change = {"do": "accept", "item": item["id"]}
        plans.save_draft(reading=reading, change=change, by=by, at=AT)
    reading.refresh_from_db()
    return plans.confirm_plan(
        reading=reading, version=reading.version, by=by, at=AT, issuer=world.units["12-DU"],
        root=world.units["12"], started_on=date(2025, 6, 1), deadline_on=DEADLINE,
    )  # fmt: skip


def test_one_sentence_travels_from_the_document_to_an_overdue_reminder(
    party_bodies, client, django_capture_on_commit_callbacks
):
    world = party_bodies
    plan = confirmed(world)

    task = plan.tasks.order_by("position").first()
    by_part = {
        part: {a.unit.code for a in task.assignments.filter(part=part)}
        for part in ("LEAD", "PARTNER")
    }
    assert by_part == {"LEAD": {"12-BTGDV"}, "PARTNER": {"12-BTC", "12-UBKT", "12-VP"}}
    assert task.quote.startswith("hướng dẫn các cấp ủy tổ chức hội nghị")
    assert task.due_on == DEADLINE

    late = date(2026, 1, 1)
    with django_capture_on_commit_callbacks(execute=True):  # letters leave after the commit
        written = reminders.run(today=late, at=datetime(2026, 1, 1, 1, tzinfo=UTC))
    mine = [r for r in written if r.thing == "task" and r.thing_id == task.pk]
    assert {r.step for r in mine} >= {"LATE"}
    assert reminders.run(today=late, at=datetime(2026, 1, 1, 2, tzinfo=UTC)) == []
    letter = next(m for m in mail.outbox if m.to == ["tuyengiao@mau.example"])
    assert "hướng dẫn các cấp ủy" in letter.body

    reporting.update_task(
        task=task, unit=world.units["12-BTGDV"], text="Đã hướng dẫn.", done_on=date(2026, 1, 5),
        by=world.people["tuyengiao"], at=datetime(2026, 1, 5, 1, tzinfo=UTC),
    )  # fmt: skip
    after = reminders.run(today=date(2026, 1, 8), at=datetime(2026, 1, 8, 1, tzinfo=UTC))
    assert not [r for r in after if r.thing == "task" and r.thing_id == task.pk]

    client.force_login(world.people["dieuphoi"], backend="namro.web.org.backends.PostsBackend")
    page = client.get(reverse("reporting:task", args=[task.pk])).content.decode()
    assert "Hoàn thành quá hạn" in page
    source = reverse("plans:source", args=[plan.pk])
    assert source in page
    lit = client.get(source, {k: task.place[k] for k in ("block", "start", "end")})
    assert "<mark" in lit.content.decode()
