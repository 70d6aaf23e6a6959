"""Rows written whole stand as Django would have written them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from namro.web.frame.rows import insert_rows, update_row
from namro.web.org.models import JournalEntry, Post, Unit, User

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 3, 4, 5, 678901, tzinfo=UTC)


def _line(number: int) -> JournalEntry:
    return JournalEntry(
        at=AT, by_name="Người ghi", unit_code="X", verb="thử.ghi", thing="org.unit",
        thing_id=str(number), summary=f"Việc “{number}” 100%", details={"số": [number, None]},
        chain=f"{number:064}",
    )  # fmt: skip


def test_rows_stand_in_their_order_with_keys_and_every_kind_of_value():
    made = [_line(n) for n in range(5)]

    with CaptureQueriesContext(connection) as asked:
        insert_rows(made)

    assert len(asked) == 1
    stood = list(JournalEntry.objects.order_by("pk"))[-5:]
    assert [row.pk for row in made] == [row.pk for row in stood]
    for ours, read in zip(made, stood, strict=True):
        for field in JournalEntry._meta.concrete_fields:
            assert getattr(ours, field.attname) == getattr(read, field.attname), field.name
    assert not made[0]._state.adding


def test_more_than_one_statement_holds_are_written_in_several():
    most = connection.ops.bulk_batch_size(list(JournalEntry._meta.concrete_fields), [_line(0)])
    many = [_line(n) for n in range(min(most, 200) + 3)]

    insert_rows(many)

    assert len({row.pk for row in many}) == len(many) == JournalEntry.objects.count()
    assert [r.thing_id for r in JournalEntry.objects.order_by("pk")] == [r.thing_id for r in many]


def test_nothing_to_write_asks_nothing():
    with CaptureQueriesContext(connection) as asked:
        insert_rows([])

    assert not asked.captured_queries


def test_what_the_database_refuses_is_refused():
    Unit.objects.create(code="U", name="Xã", kind="COMMUNE")

    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows([Unit(code="U", name="Xã khác", kind="COMMUNE")])


def test_only_the_named_fields_are_written_again():
    unit = Unit.objects.create(code="U", name="Xã", kind="COMMUNE")
    user = User.objects.create(username="u", full_name="Người giữ việc")
    post = Post.objects.create(
        user=user, unit=unit, reach=unit, role="OFFICER", title="Cũ", from_on=date(2026, 1, 1)
    )
    post.title, post.role, post.to_on = "Mới", "LEADER", date(2026, 12, 31)

    update_row(post, ["title", "to_on"])

    stood = Post.objects.get(pk=post.pk)
    assert (stood.title, stood.to_on, stood.role) == ("Mới", date(2026, 12, 31), "OFFICER")


def test_a_row_that_is_gone_is_said():
    unit = Unit.objects.create(code="U", name="Xã", kind="COMMUNE")
    Unit.objects.filter(pk=unit.pk).delete()

    with pytest.raises(Unit.DoesNotExist):
        update_row(unit, ["name"])
