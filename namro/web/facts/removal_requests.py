"""A person asks that their records be deleted: entered by one, carried out by another.

The number that the person gives is turned into hashes at the door and forgotten. Who carries the
request out enters it again from the paper: a slip of one hand deletes nobody else's records.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from namro.vietnamese import format_date, tidy
from namro.web.facts import removals, slices
from namro.web.facts.library import library
from namro.web.facts.models import Batch, Removal, RemovalRequest
from namro.web.facts.removals import NothingToRemove
from namro.web.frame import clock
from namro.web.org import journal
from namro.web.org import queries as org
from namro.web.org.models import Unit, UnitAncestor, User
from namro.web.org.rules import Verb

SHORTEST = 4
_MOST = 300


class FaultyRequest(ValueError):
    """A request cannot be entered or decided so; the message is Vietnamese, for the page."""


class FoundMore(Exception):
    """What is found is no longer what was entered; the request now says what. Vietnamese."""


Place = tuple[str, str]
"""(data set, column kept as hashes): where a person can be looked for."""


def places() -> dict[Place, str]:
    """Where persons can be looked for, in words."""
    return {
        (dataset.slug, column): f"{dataset.title} – {dataset.columns[column].title}"
        for dataset in library().datasets.values()
        for column in dataset.hashed
    }


@dataclass(frozen=True)
class Entered:
    """What is entered of a request, checked on making. Raises FaultyRequest."""

    number: str
    document: str
    document_on: date
    reason: str

    def __post_init__(self) -> None:
        for name in ("number", "document", "reason"):
            object.__setattr__(self, name, tidy(getattr(self, name)))
        if len(self.number) < SHORTEST:
            raise FaultyRequest("Nhập đủ số định danh ghi trong đơn (từ 4 ký tự).")
        if not self.document:
            raise FaultyRequest("Ghi số, ký hiệu của đơn hoặc văn bản yêu cầu.")
        if not self.reason:
            raise FaultyRequest("Ghi lý do xóa, ví dụ: người dân yêu cầu theo đơn.")
        if len(self.document) > 80 or len(self.reason) > _MOST:
            raise FaultyRequest("Số văn bản dài nhất 80 ký tự, lý do dài nhất 300 ký tự.")
        if self.number in self.document or self.number in self.reason:
            raise FaultyRequest(
                "Không ghi số định danh vào số văn bản hoặc lý do: hai ô này được lưu lại."
            )


def ask(
    *, unit: Unit, entered: Entered, where: Place | None, by: User, at: datetime
) -> RemovalRequest:
    """Look for a person's records in a unit and all beneath it, and ask for their deletion.

    `where` None: in every place. That somebody was looked for is journalled even where nothing is
    found. Raises FaultyRequest, NothingToRemove, NotAllowed.
    """
    on = clock.day_of(at)
    org.allow(by, Verb.RECEIVE_RECORDS, unit, on=on)
    if entered.document_on > on:
        raise FaultyRequest("Ngày của văn bản không thể sau hôm nay.")
    asked = [where] if where else list(places())
    found = _found(asked, entered.number, unit, on)
    rows = sum(n for one in found for n in one["units"].values())
    paper = f"{entered.document} ngày {format_date(entered.document_on)}"
    if not found:
        summary = f"Tìm bản ghi của một người theo {paper}: không có"
        journal.record(by, "facts.seek_person", unit, at=at, summary=summary, unit_code=unit.code)
        raise NothingToRemove(
            f"Không có bản ghi nào của người này trong phạm vi {unit.name}. Số phải đúng như trong "
            "tệp đã nạp, kể cả số 0 ở đầu; nội dung đang nhập còn trên trang, trừ số định danh."
        )
    with transaction.atomic():
        request = RemovalRequest.objects.create(
            unit=unit, document=entered.document, document_on=entered.document_on,
            reason=entered.reason, found=found, mark=_mark(entered.number), asked_by=by,
            asked_at=at,
        )  # fmt: skip
        summary = f"Đề nghị xóa {rows} bản ghi của một người theo {paper}"
        journal.record(
            by, "facts.ask_removal", request, at=at, summary=summary, unit_code=unit.code,
            reason=entered.reason,
        )  # fmt: skip
    return request


def carry_out(*, request: RemovalRequest, number: str, by: User, at: datetime) -> RemovalRequest:
    """Delete what was asked for. `number`: entered again, from the paper.

    Batch by batch: what was cut off is gone on with by doing it once more. Raises FaultyRequest,
    FoundMore, NotAllowed.
    """
    _may_decide(request, by, at)
    number = tidy(number)
    if not _is_same(request.mark, number):
        raise FaultyRequest(
            "Số nhập lại không trùng với số trong đề nghị; đối chiếu với đơn rồi nhập lại. "
            "Nếu người lập đề nghị nhập sai, hãy không duyệt và yêu cầu lập lại."
        )
    sought = sorted({(one["dataset"], one["column"]) for one in request.found})
    found = _found(sought, number, request.unit, clock.day_of(at))
    _refuse_more(request, found, by, at)
    for one in found:
        _take_out(request, one, number, by, at)
    removals.sweep()
    return _decided(request, "DONE", "", by, at)


def refuse(*, request: RemovalRequest, answer: str, by: User, at: datetime) -> RemovalRequest:
    """Do not carry it out, with the reason. Raises FaultyRequest, NotAllowed."""
    _may_decide(request, by, at)
    answer = tidy(answer)
    if not answer or len(answer) > _MOST:
        raise FaultyRequest("Ghi lý do không duyệt (dài nhất 300 ký tự).")
    return _decided(request, "REFUSED", answer, by, at)


def withdraw(*, request: RemovalRequest, by: User, at: datetime) -> RemovalRequest:
    """Take a request back, by who entered it. Raises FaultyRequest, NotAllowed."""
    _refuse_decided(request)
    if by.pk != request.asked_by_id:
        raise org.NotAllowed("Chỉ người lập đề nghị rút được đề nghị.")
    return _decided(request, "WITHDRAWN", "", by, at)


def may_decide(request: RemovalRequest, viewer: User, on: date) -> bool:
    """Whether a person may carry out or refuse a request: not who entered it (hai người)."""
    allowed = org.may(viewer, Verb.ALLOW_REMOVAL, request.unit, on=on)
    return request.state == "WAITING" and viewer.pk != request.asked_by_id and allowed


def waiting_for(viewer: User, on: date) -> QuerySet[RemovalRequest]:
    """What waits for a person to carry out or refuse, the oldest first: see `may_decide`."""
    units = org.units_within(viewer, Verb.ALLOW_REMOVAL, on).values("pk")
    waiting = RemovalRequest.objects.filter(state="WAITING", unit__in=units)
    return waiting.exclude(asked_by=viewer).order_by("pk")


def requests_for(viewer: User, on: date) -> QuerySet[RemovalRequest]:
    """Requests within the viewer's reach, newest first."""
    units = org.units_within(viewer, Verb.SEE_REMOVALS, on).values("pk")
    rows = RemovalRequest.objects.filter(unit__in=units).order_by("-pk")
    return rows.select_related("unit", "asked_by", "decided_by")


def removals_for(viewer: User, on: date) -> list[Removal]:
    """What was deleted of units within the viewer's reach, for any reason, newest first."""
    rows = Removal.objects.order_by("-pk").select_related("batch", "removed_by")
    tops = [unit.pk for unit in org.reaches(viewer, Verb.SEE_REMOVALS, on)]
    seen = {*tops, *_beneath(tops, on).values_list("unit_id", flat=True)}
    return [row for row in rows.prefetch_related("requests") if seen & set(row.units)]


# --- what is found, and whose number it was ----------------------------------------------------


def _found(asked: list[Place], number: str, unit: Unit, on: date) -> list[dict[str, Any]]:
    found = []
    for slug, column in asked:
        dataset = library().datasets.get(slug)
        if dataset is None or column not in dataset.hashed:
            raise FaultyRequest("Chọn một trong các tập dữ liệu có lưu dấu của người.")
        if mark := removals.mark_of(dataset, column, number):
            for batch, rows in removals.batches_with(dataset, (column, mark)):
                if within := _within(unit, rows, on):
                    place = {"batch": batch.pk, "dataset": slug, "column": column}
                    found.append({**place, "units": within})
    return found


def _within(unit: Unit, rows: Mapping[str, int], on: date) -> dict[str, int]:
    """Unit id → rows, of those beneath a unit: now, or when they ended."""
    beneath = _beneath([unit.pk], on).values("unit")
    units = Unit.objects.filter(Q(pk=unit.pk) | Q(pk__in=beneath), code__in=rows)
    return {str(pk): rows[code] for pk, code in units.values_list("pk", "code")}


def _beneath(tops: Collection[int], on: date) -> QuerySet[UnitAncestor]:
    """Who stands beneath some units: on a day, or did until they ended."""
    ended = Q(unit__closed_on__isnull=False, unit__closed_on__lte=on)
    return UnitAncestor.objects.filter(org.in_force(on) | ended, ancestor__in=tops)


def _mark(number: str) -> str:
    """A keyed hash that only says, of a number entered again, whether it is the same."""
    return _marked(secrets.token_hex(16), number)


def _marked(salt: str, number: str) -> str:
    told = f"removal request {salt} {number}".encode()
    return f"{salt}{hmac.digest(slices.hash_key(), told, hashlib.sha256).hex()[:64]}"


def _is_same(mark: str, number: str) -> bool:
    return bool(mark) and hmac.compare_digest(_marked(mark[:32], number), mark)


# --- deciding ----------------------------------------------------------------------------------


def _may_decide(request: RemovalRequest, by: User, at: datetime) -> None:
    org.allow(by, Verb.ALLOW_REMOVAL, request.unit, on=clock.day_of(at))
    if by.pk == request.asked_by_id:
        raise org.NotAllowed("Người lập đề nghị không tự duyệt; phải do người khác duyệt.")
    _refuse_decided(request)


def _refuse_decided(request: RemovalRequest) -> None:
    request.refresh_from_db()
    if request.state != "WAITING":
        raise FaultyRequest(f"Đề nghị này đã xong: {request.get_state_display().lower()}.")


def _refuse_more(
    request: RemovalRequest, found: list[dict[str, Any]], by: User, at: datetime
) -> None:
    """Raises FoundMore where something is found that nobody has looked at; what was deleted
    meanwhile, for its term or by this request cut off, is no reason to ask again."""
    known = {(one["batch"], one["column"]): one["units"] for one in request.found}
    new = [o for o in found if known.get((o["batch"], o["column"])) != o["units"]]
    if not new:
        return
    again = {(o["batch"], o["column"]): o for o in (*request.found, *new)}
    with transaction.atomic():
        request.found = [again[place] for place in sorted(again)]
        request.save(update_fields=["found"])
        journal.record(
            by, "facts.find_more", request, at=at, unit_code=request.unit.code,
            summary=f"Đề nghị xóa số {request.pk}: nay là {request.rows} bản ghi",
        )  # fmt: skip
    raise FoundMore(
        "Từ khi lập đề nghị, dữ liệu của người này đã khác. Bảng bên dưới đã cập nhật: hãy xem lại "
        "rồi duyệt lần nữa."
    )


def _take_out(
    request: RemovalRequest, one: dict[str, Any], number: str, by: User, at: datetime
) -> None:
    """Delete what was found in one batch, and tie that to the request."""
    column = one["column"]
    key = (column, removals.mark_of(library().datasets[one["dataset"]], column, number))
    units = list(Unit.objects.filter(pk__in=one["units"]).values_list("code", flat=True))
    note = f"{request.document} ngày {format_date(request.document_on)}; đề nghị số {request.pk}"
    batch = Batch.objects.get(pk=one["batch"])
    with suppress(NothingToRemove), transaction.atomic():  # gone with another column's, or just now
        request.removals.add(
            removals.take_out(batch, units, key, reason="REQUEST", note=note, by=by, at=at)
        )


def _decided(
    request: RemovalRequest, state: str, answer: str, by: User, at: datetime
) -> RemovalRequest:
    verbs = {"DONE": "carry_out_removal", "REFUSED": "refuse_removal"}
    with transaction.atomic():
        changed = RemovalRequest.objects.filter(pk=request.pk, state="WAITING").update(
            state=state, answer=answer, mark="", decided_by=by, decided_at=at
        )
        if not changed:
            raise FaultyRequest("Người khác vừa quyết định đề nghị này; hãy tải lại trang.")
        request.refresh_from_db()
        gone = sum(request.removals.values_list("rows", flat=True))
        journal.record(
            by, f"facts.{verbs.get(state, 'withdraw_removal')}", request, at=at,
            summary=f"Đề nghị xóa số {request.pk}: {request.get_state_display().lower()}"
            + (f" {gone} bản ghi" if state == "DONE" else ""),
            unit_code=request.unit.code, answer=answer,
        )  # fmt: skip
    return request


def concerned(request: RemovalRequest) -> Iterator[tuple[dict[str, Any], Batch]]:
    """Each finding of a request with its batch."""
    batches = Batch.objects.in_bulk([one["batch"] for one in request.found])
    for one in request.found:
        yield one, batches[one["batch"]]
