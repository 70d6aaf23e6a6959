"""An upload of files with forms: kept until the worker has checked it."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path, PurePath
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from namro.web.frame import clock, files, uploads
from namro.web.org.models import User
from namro.web.org.queries import allow
from namro.web.org.rules import Verb
from namro.web.reporting.deliveries.models import Delivery
from namro.web.reporting.rights import gathers
from namro.workbook import parcel

MOST_UPLOADS = 200


class FaultyDelivery(ValueError):
    """An upload that is refused at the door; the message is Vietnamese. Nothing was kept."""


def incoming() -> Path:
    """Where files wait to be checked."""
    folder = Path(settings.NAMRO_HOME) / "incoming"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def receive_delivery(
    *, uploaded: Sequence[UploadedFile], client_id: UUID, by: User, at: datetime
) -> Delivery:
    """Keep files with filled-in forms until they are checked (nạp nhiều biểu Excel).

    Sent again with the same `client_id` it is the same delivery. Raises NotAllowed, FaultyDelivery.
    """
    allow_delivery(by, clock.day_of(at))
    if sent := Delivery.objects.filter(client_id=client_id).first():
        if sent.sent_by_id != by.pk:
            raise FaultyDelivery("Trang này đã cũ. Hãy tải lại trang rồi gửi lại tệp.")
        return sent
    _check_number(uploaded)
    room = Path(tempfile.mkdtemp(prefix="forms-", dir=incoming()))
    try:
        kept = [_put(room, n, file) for n, file in enumerate(uploaded)]
        files.put_on_disk(room, incoming())
        with transaction.atomic():
            return Delivery.objects.create(
                client_id=client_id,
                files=[one | {"waiting": f"{room.name}/{one['waiting']}"} for one in kept],
                total=sum(one["count"] for one in kept),
                sent_by=by,
                sent_at=at,
            )
    except BaseException:
        shutil.rmtree(room, ignore_errors=True)
        raise


def allow_delivery(by: User, on: date) -> None:
    """Raise NotAllowed unless a person fills in some unit's returns, or receives some."""
    if not gathers(by, on):
        allow(by, Verb.REPORT, on=on)


def _check_number(uploaded: Sequence[UploadedFile]) -> None:
    if not uploaded:
        raise FaultyDelivery("Hãy chọn các tệp Excel hoặc gói .zip rồi bấm Nạp.")
    if len(uploaded) > MOST_UPLOADS:
        raise FaultyDelivery(
            f"Một lần chọn nhiều nhất {MOST_UPLOADS} tệp. Nén các tệp thành một gói .zip rồi gửi."
        )


def _put(room: Path, number: int, upload: UploadedFile) -> dict:
    """Write an upload among those waiting; its name is only told, never used on the disk. One that
    is empty or too large is not kept but told with the others: they are not at fault."""
    try:
        name = uploads.check(upload)
    except uploads.UploadRefused as why:
        name = uploads.clean_name(upload.name or "")
        told = {"name": name, "waiting": f"{number}.bin", "sha256": "", "fault": str(why)}
        return told | {"size": upload.size or 0, "count": 1}
    path = room / f"{number}{'.zip' if PurePath(name).suffix.lower() == '.zip' else '.bin'}"
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as out:
        for chunk in upload.chunks():
            digest.update(chunk)
            size += len(chunk)
            out.write(chunk)
    files.put_on_disk(path)
    count = max(parcel.count(path), 1) if parcel.is_parcel(path) else 1
    told = {"name": name, "waiting": path.name, "sha256": digest.hexdigest()}
    return told | {"size": size, "count": count}
