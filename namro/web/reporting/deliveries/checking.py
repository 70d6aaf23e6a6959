"""The worker's part: a delivery gone through file by file, each taken whole or not at all.

A check that was cut off goes on with the first file that was not told yet.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import DatabaseError, transaction
from django.db.models import Q

from namro.terms import Fault
from namro.web.frame.entered import keepable
from namro.web.org.journal import record
from namro.web.reporting.deliveries import queries
from namro.web.reporting.deliveries.intake import incoming
from namro.web.reporting.deliveries.models import DeliveredForm, Delivery
from namro.web.reporting.deliveries.rules import DeliveryState, FormOutcome
from namro.web.reporting.deliveries.taking import ToldForm, refused, take_file
from namro.web.reporting.records import fault_copies
from namro.workbook import Unreadable, parcel

STUCK_AFTER = timedelta(minutes=10)
_MOST_FAULTS = 200  # told of one form; all of them stand in the copy
_LOG = logging.getLogger(__name__)
Now = Callable[[], datetime]


@dataclass(frozen=True)
class _File:
    """A file of the delivery: its place among all, its name with the zip it lay in."""

    place: int
    name: str
    path: Path | None = None
    fault: Fault | None = None
    other: bool = False


def check_delivery(*, delivery: Delivery, now: Now) -> Delivery:
    """Check a waiting delivery (kiểm tra lần nạp); running twice does nothing more.

    `now` gives the moment, asked again for each file. Each file is committed by itself; what one of
    them holds never keeps the next from being taken.
    """
    at = now()
    silent = Q(state=DeliveryState.CHECKING) & (
        Q(beat_at__lt=at - STUCK_AFTER) | Q(beat_at=None, started_at__lt=at - STUCK_AFTER)
    )
    claimed = Delivery.objects.filter(
        Q(state=DeliveryState.WAITING) | silent, pk=delivery.pk
    ).update(state=DeliveryState.CHECKING, started_at=at, beat_at=at)
    kept = Delivery.objects.select_related("sent_by").get(pk=delivery.pk)
    if not claimed:
        return kept
    try:
        for file in _files(kept):
            if file.place > kept.done:
                _check(kept, file, now())
    except BaseException:  # the files are not at fault: it goes on from here when tried again
        Delivery.objects.filter(pk=kept.pk).update(state=DeliveryState.WAITING)
        raise
    _finish(kept, now())
    return kept


def let_go(delivery_id: int) -> None:
    """A check whose worker is known to be dead: the delivery waits to be gone on with."""
    checked = Delivery.objects.filter(pk=delivery_id, state=DeliveryState.CHECKING)
    checked.update(state=DeliveryState.WAITING, started_at=None, beat_at=None)


def _files(delivery: Delivery) -> Iterator[_File]:
    place = 0
    with tempfile.TemporaryDirectory(prefix="opened-", dir=incoming()) as folder:
        for told in delivery.files:
            path, into = incoming() / told["waiting"], Path(folder) / "bieu.xlsx"
            refused_at_door = Fault("UPLOAD", told["fault"], None) if told.get("fault") else None
            alone = [(told["name"], None, refused_at_door, False)]
            for file in alone if refused_at_door else _within(path, told["name"], into):
                place += 1
                yield _File(place, *file)


def _within(
    path: Path, name: str, into: Path
) -> Iterator[tuple[str, Path | None, Fault | None, bool]]:
    if not path.is_file():
        gone = Fault("GONE", "Tệp chờ kiểm tra không còn trên máy chủ.", "Gửi lại tệp.")
        yield name, None, gone, False
    elif not parcel.is_parcel(path):
        yield name, path, None, False
    else:
        try:
            for item in parcel.items(path, into):
                yield f"{name} › {item.name}", item.path, item.fault, item.other
        except Unreadable as why:
            yield name, None, why.fault, False


@transaction.atomic
def _check(delivery: Delivery, file: _File, at: datetime) -> None:
    """Take one file and tell what became of it, in one transaction."""
    copy = fault_copies.path_of_delivered(delivery.pk, file.place)
    has_copy = False
    if file.other:
        told = [ToldForm(outcome=FormOutcome.OTHER)]
    elif file.path is None:
        assert file.fault is not None
        told = refused(file.fault)
    else:
        told, has_copy = _taken(delivery, file, at, copy)
    _tell_doubled(delivery, told)
    DeliveredForm.objects.bulk_create(_row(delivery, file, one, has_copy) for one in told)
    delivery.done, delivery.beat_at = file.place, at
    delivery.save(update_fields=["done", "beat_at"])


def _taken(
    delivery: Delivery, file: _File, at: datetime, copy: Path
) -> tuple[list[ToldForm], bool]:
    """What became of a workbook. Where the site itself fails on one, it is written to the log and
    told, and the next is taken all the same; where the database fails, the check is begun again."""
    assert file.path is not None
    try:
        with transaction.atomic():
            return take_file(file.path, file.name, by=delivery.sent_by, at=at, copy=copy)
    except DatabaseError:
        raise
    except Exception:
        _LOG.exception("delivery %s, file %s was not taken", delivery.pk, file.place)
        said = "Hệ thống gặp lỗi khi đọc tệp này; chưa nạp số nào từ tệp."
        return refused(
            Fault("FAILED", said, "Báo quản trị hệ thống; có thể nhập trên trang.")
        ), False


def _tell_doubled(delivery: Delivery, told: list[ToldForm]) -> None:
    """Where a duty's form came twice in one delivery, the later one says so."""
    duties = [one.duty for one in told if one.duty]
    before = delivery.forms.filter(duty__in=duties).values_list("duty_id", "file_name")
    named = dict(before.order_by("-pk"))
    for one in told:
        if one.duty and one.duty.pk in named:
            said = f"Biểu này cũng có trong tệp “{named[one.duty.pk]}” của cùng lần nạp."
            mend = "Số khác nhau giữa hai tệp chờ đồng chí chọn tại dòng."
            one.notices.append(Fault("DOUBLED", said, mend))


def _row(delivery: Delivery, file: _File, told: ToldForm, has_copy: bool) -> DeliveredForm:
    return DeliveredForm(
        delivery=delivery, file=file.place, file_name=keepable(file.name)[-520:],
        sheet=keepable(told.sheet)[:40], whose=keepable(told.whose)[:250], duty=told.duty,
        on_behalf=told.on_behalf, submission=told.submission,
        outcome=told.outcome, changed=told.changed, waiting=told.waiting,
        faults=_told(told.faults), notices=_told(told.notices), has_copy=has_copy,
    )  # fmt: skip


def _told(faults: list[Fault]) -> list[dict[str, str]]:
    return keepable(
        [
            {
                "cell": (f.place.cell if f.place else None) or "",
                "message": f.message,
                "suggestion": f.suggestion or "",
            }
            for f in faults[:_MOST_FAULTS]
        ]
    )


@transaction.atomic
def _finish(delivery: Delivery, at: datetime) -> None:
    delivery.state, delivery.finished_at, delivery.beat_at = DeliveryState.DONE, at, at
    delivery.total = delivery.done
    delivery.save(update_fields=["state", "finished_at", "beat_at", "total"])
    outcomes = queries.outcomes_of(delivery)
    taken = outcomes[FormOutcome.TAKEN] + outcomes[FormOutcome.CONFLICT]
    record(
        delivery.sent_by,
        "reporting.receive_workbook",
        delivery,
        at=at,
        summary=f"Nạp biểu Excel từ {delivery}: {taken} biểu được nạp, "
        f"{outcomes[FormOutcome.REFUSED]} bị từ chối{_in_their_place(delivery)}",
        outcomes=dict(outcomes),
        files=[{"name": file["name"], "sha256": file["sha256"]} for file in delivery.files],
    )
    rooms = {file["waiting"].partition("/")[0] for file in delivery.files}
    transaction.on_commit(lambda: _clear(rooms))


def _in_their_place(delivery: Delivery) -> str:
    count = delivery.forms.filter(on_behalf=True, submission__isnull=False).count()
    return f"; nhập thay đơn vị {count} biểu" if count else ""


def _clear(rooms: set[str]) -> None:
    for room in rooms:
        shutil.rmtree(incoming() / room, ignore_errors=True)
