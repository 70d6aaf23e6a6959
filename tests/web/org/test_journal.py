"""The journal: one chain, whoever writes; nothing in it changes; who sees which lines."""

import os
import re
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.urls import reverse

from namro.web.frame import append_only
from namro.web.org import journal, queries
from namro.web.org.models import JournalEntry, Unit
from namro.web.org.rules import VERB_LABELS
from tests.world import AT, ON, PASSWORD

pytestmark = pytest.mark.django_db


def write(unit, text="Việc đã làm", by=None, **details):
    return journal.record(by, "org.test", unit, at=AT, summary=text, **details)


def test_lines_follow_each_other_by_hash(world):
    write(world.units["c1"], so=1, ngay=AT, chu="Đảng ủy")
    write(world.units["c2"], by=world.baocao)
    assert journal.first_break() is None


def test_the_chain_does_not_depend_on_the_time_zone_the_moment_came_in(world):
    vietnam = timezone(timedelta(hours=7))
    at = datetime(2025, 9, 1, 9, 0, 0, 120, tzinfo=vietnam)
    journal.record(None, "org.test", world.units["c1"], at=at, summary="Giờ Việt Nam")
    assert journal.first_break() is None
    assert JournalEntry.objects.latest("pk").at == at.astimezone(UTC)


@pytest.mark.parametrize(
    "change", [{"summary": "Khác"}, {"by_id": 999}, {"address": "10.0.0.9"}, {"details": {"so": 2}}]
)
def test_a_changed_line_is_found(world, change):
    entry = write(world.units["c1"], so=1)
    write(world.units["c2"])
    with append_only.suspended(connection):
        JournalEntry.objects.filter(pk=entry.pk).update(**change)
    assert journal.first_break() == entry.pk
    assert journal.first_break(newest=2) == entry.pk
    assert journal.first_break(newest=1) is None


def test_a_missing_line_is_found_at_the_next(world):
    entry, after = write(world.units["c1"]), write(world.units["c2"])
    with append_only.suspended(connection):
        JournalEntry.objects.filter(pk=entry.pk).delete()
    assert journal.first_break() == after.pk


@pytest.mark.parametrize("how", ["update", "delete"])
def test_the_database_refuses_to_change_or_delete_a_line(world, how):
    entry = write(world.units["c1"])
    rows = JournalEntry.objects.filter(pk=entry.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(summary="Khác") if how == "update" else rows.delete()
    assert rows.get().summary == "Việc đã làm"


def test_a_line_belongs_to_the_unit_of_who_wrote_it(world):
    assert write(world.units["c2"], by=world.baocao).unit_code == "c1"
    assert write(world.units["c2"], by=world.baocao, unit_code="c2").unit_code == "c2"
    assert write(world.units["c2"]).unit_code == ""


def test_lines_are_seen_within_reach_only(world):
    from namro.web.org import actions
    from namro.web.org.rules import Role

    inspector = actions.create_user(
        by=None, at=AT, username="kiemtraxa", full_name="Lò Thị Xã", password=PASSWORD
    )
    actions.appoint(
        by=None, at=AT, user=inspector, unit=world.units["c1"], role=Role.INSPECTOR, from_on=ON
    )
    write(world.units["c1"], "của xã một", by=world.baocao)
    write(world.units["c2"], "của xã hai", by=world.xakhac)
    write(world.units["12"], "của hệ thống")
    seen = set(queries.journal_within(inspector, ON).values_list("summary", flat=True))
    assert "của xã một" in seen
    assert not seen & {"của xã hai", "của hệ thống"}
    everything = set(queries.journal_within(world.kiemtra, ON).values_list("summary", flat=True))
    assert everything >= {"của xã một", "của xã hai", "của hệ thống"}
    assert not queries.journal_within(world.baocao, ON).exists()


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_make_one_chain():
    unit = Unit.objects.create(code="u", name="Đơn vị", kind="DEPARTMENT")
    start, errors = threading.Barrier(4), []

    def work(number):
        try:
            start.wait()
            for turn in range(5):
                with transaction.atomic():
                    write(unit, f"Người {number}, lần {turn}")
        except Exception as why:  # reported to the test's own thread below
            errors.append(why)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert JournalEntry.objects.count() == 20
    assert journal.first_break() is None


WRITER = """
import django; django.setup()
from datetime import UTC, datetime
from namro.web.org import journal
from namro.web.org.models import Unit
unit, _ = Unit.objects.get_or_create(code="u", name="Đơn vị", kind="DEPARTMENT")
for turn in range(25):
    journal.record(None, "org.test", unit, at=datetime.now(UTC), summary=f"lần {turn}")
"""
READER = """
import django; django.setup()
from namro.web.org import journal
from namro.web.org.models import JournalEntry
print(JournalEntry.objects.count(), journal.first_break())
"""


@pytest.mark.slow
def test_processes_writing_to_one_sqlite_file_make_one_chain(tmp_path, root):
    environment = {
        **os.environ,
        "NAMRO_HOME": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/one.sqlite3",
        "DJANGO_SETTINGS_MODULE": "namro.web.config.settings",
    }

    call = {"cwd": root, "env": environment}
    migrate = [sys.executable, "-m", "django", "migrate", "-v0", "--skip-checks"]
    subprocess.run(migrate, check=True, **call)
    writers = [subprocess.Popen([sys.executable, "-c", WRITER], **call) for _ in range(3)]
    assert [w.wait() for w in writers] == [0, 0, 0]
    read = subprocess.run([sys.executable, "-c", READER], capture_output=True, text=True, **call)
    assert read.stdout.split() == ["75", "None"]


def test_verbs_without_a_label_are_one_choice_that_finds_them_all(world, enter):
    for verb in ("reporting.one", "reporting.two", "reporting.submit"):
        unit = world.units["c1"]
        journal.record(world.dieuphoi, verb, unit, at=AT, summary=f"Dòng {verb}")

    verbs, _ = queries.journal_choices(JournalEntry.objects.all())

    labels = [label for _, label in verbs]
    assert len(labels) == len(set(labels)) and "Nộp báo cáo" in labels
    others = next(value for value, label in verbs if label == "Việc khác về báo cáo")
    page = enter("kiemtra").get(reverse("org:journal"), {"loai": others}).content.decode()
    assert "Dòng reporting.one" in page and "Dòng reporting.two" in page
    assert "Dòng reporting.submit" not in page


def test_every_verb_the_code_records_has_a_label():
    web = Path(__file__).resolve().parents[3] / "namro" / "web"
    recorded = set()
    for path in web.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        room = path.relative_to(web).parts[0]
        recorded |= {
            f"{room}.{v}" for v in re.findall(r'\b_?journal\(\s*[\w.]+, "([a-z_]+)"', text)
        }
        if path.name != "rules.py" and "record" in text:
            recorded |= set(re.findall(rf'"({room}\.[a-z_]+)", [\w\[]', text))
            recorded |= set(re.findall(rf'^\s+"({room}\.[a-z_]+)",$', text, re.MULTILINE))
    assert {"reporting.begin", "org.sign_in", "papers.issue_report"} <= recorded
    assert recorded <= set(VERB_LABELS)
