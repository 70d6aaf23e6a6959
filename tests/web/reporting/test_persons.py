"""A person's number stays nowhere: no row, no file, no fault, no log; only a keyed hash of it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.management import call_command

from namro.measuring.records.columns import person_hash
from namro.web.facts import feed, slices
from namro.web.facts.models import Batch
from namro.web.facts.remains import records_of
from namro.web.reporting.models import RecordFile
from namro.web.reporting.rules import FileState
from tests.web.facts.test_counted_once import STAFF
from tests.web.reporting.test_record_files import check, receive

NUMBERS = ("012345678901", "012345678902")
HEAD = "person,unit,on,trained,Họ và tên\n"
GOOD = HEAD + "".join(f"{n},c1,10/9/2025,có,Nguyễn Văn Kín\n" for n in NUMBERS)
BAD = HEAD + "".join(f"{n},c1,{day},có,Nguyễn Văn Kín\n" for n in NUMBERS for day in
                     ("10/9/2025", "hôm qua"))  # fmt: skip


@pytest.fixture
def staff(world):
    own = Path(settings.NAMRO_HOME) / "measures"
    own.mkdir(parents=True, exist_ok=True)
    (own / "datasets.toml").write_text(STAFF, encoding="utf-8")
    return world


def kept_text() -> str:
    """All that the installation holds: every row, every file, what is packed in them."""
    told = []
    for model in apps.get_models():
        told.append(serializers.serialize("json", model._base_manager.all(), ensure_ascii=False))
    folders = {settings.NAMRO_HOME, settings.NAMRO_FILES, settings.NAMRO_STORE}
    for path in {p for folder in folders for p in Path(folder).rglob("*") if p.is_file()}:
        content = path.read_bytes()
        told.append(content.decode("latin-1"))
        if content.startswith(b"PAR1"):
            told.append(str(pq.read_table(path).to_pylist()))
        elif zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as packed:
                told += [packed.read(name).decode("utf-8", "replace") for name in packed.namelist()]
    return "\n".join(told)


@pytest.mark.parametrize(("text", "state"), [(GOOD, FileState.TAKEN), (BAD, FileState.REFUSED)])
def test_number_and_name_of_a_person_stay_nowhere(staff, text, state, caplog):
    done = check(receive(staff.dieuphoi, text, dataset="staff"))
    feed.ensure_fresh()

    assert done.state == state
    told = kept_text() + caplog.text
    assert not [n for n in (*NUMBERS, "Nguyễn Văn Kín") if n in told]


def test_person_is_kept_as_a_hash_that_depends_on_the_installations_key(staff):
    check(receive(staff.dieuphoi, GOOD, dataset="staff"))
    mine = {person_hash(slices.hash_key(), n) for n in NUMBERS}

    assert set(pq.read_table(records_of(Batch.objects.get()))["person"].to_pylist()) == mine
    assert not mine & {person_hash(b"another key", n) for n in NUMBERS}


def test_faults_that_quote_a_file_go_after_a_month(staff):
    refused = check(receive(staff.dieuphoi, BAD, dataset="staff"))
    assert refused.faults
    RecordFile.objects.filter(pk=refused.pk).update(finished_at="2025-01-01T00:00:00Z")
    call_command("retain")
    refused.refresh_from_db()
    assert refused.faults == [] and not refused.has_copy and refused.state == FileState.REFUSED
