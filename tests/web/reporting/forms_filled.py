"""Forms taken out of the site and filled in as people do in Excel, by the dozen."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable
from uuid import uuid4

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from namro.web.org import actions as org
from namro.web.org.rules import Role
from namro.web.reporting import actions
from namro.web.reporting.deliveries import checking, intake, outgoing
from namro.web.reporting.deliveries.models import DeliveredForm, Delivery
from namro.web.reporting.models import Duty
from tests.web.reporting.conftest import AT, later
from tests.world import OPENED

Spoil = Callable[[openpyxl.Workbook], None]


def report_for(world, username: str, *units: str) -> None:
    """One more unit whose returns a person fills in."""
    for unit in units:
        org.appoint(
            by=None, at=AT, user=world.people[username], unit=world.units[unit],
            reach=world.units[unit], role=Role.REPORTER, from_on=OPENED,
        )  # fmt: skip
    world.people[username].__dict__.pop("_posts_on", None)


def typed(content: bytes, spoil: Spoil | None = None, *, sheet: int = 0, **cells) -> bytes:
    """A workbook as a person saved it in Excel: `cells` typed into its `sheet`-th form."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    forms = [page for page in book if page["E6"].value == "Kỳ này"]
    for name, value in cells.items():
        forms[sheet][name] = value
    if spoil:
        spoil(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def form(duty: Duty, spoil: Spoil | None = None, **cells) -> bytes:
    """A duty's form, filled in."""
    return typed(actions.workbook_of(duty), spoil, **cells)


def many(duties: Iterable[Duty]) -> bytes:
    """All forms of duties in one workbook."""
    duties = list(duties)
    return outgoing.one_workbook(duties, {d.unit_id for d in duties})


def parcel_of(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return out.getvalue()


def send(by, files: dict[str, bytes], at=AT, client_id=None) -> Delivery:
    """Files sent, and kept until they are checked."""
    uploaded = [SimpleUploadedFile(name, content) for name, content in files.items()]
    told = {"uploaded": uploaded, "client_id": client_id or uuid4()}
    return intake.receive_delivery(**told, by=by, at=at)


def check(delivery: Delivery, at=None) -> dict[str, DeliveredForm]:
    """The delivery as the worker checks it: file name (and tab) → what became of it."""
    checking.check_delivery(delivery=delivery, now=lambda: at or later())
    rows = delivery.forms.order_by("pk")
    return {f"{r.file_name} {r.sheet}" if r.sheet else r.file_name: r for r in rows}


def deliver(by, files: dict[str, bytes], at=AT) -> dict[str, DeliveredForm]:
    return check(send(by, files, at))
