"""Writes of this room: check, do, journal, in one transaction."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from namro.terms import Fault, Period
from namro.web.exchange import queries, rules
from namro.web.exchange.models import ExchangeForm, Export, MappingVersion
from namro.web.exchange.rules import FaultyExchange
from namro.web.frame import clock, files
from namro.web.org.journal import record
from namro.web.org.models import Unit, User
from namro.web.org.queries import NotAllowed, allow
from namro.web.org.rules import Verb
from namro.web.plans.models import Plan
from namro.workbook import Unreadable
from namro.workbook.filling import FaultyMapping, check, mapping_of, open_template
from namro.workbook.package import open_sheets


class UnfitMapping(ValueError):
    """A mapping that does not fit its template: `faults`, each naming its cell."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("Cách ghép chưa lưu: còn sai sót.")
        self.faults = faults


def receive_form(
    *, plan: Plan, unit: Unit, name: str, file_name: str, chunks: Iterable[bytes],
    by: User | None, at: datetime,
) -> ExchangeForm:  # fmt: skip
    """Take another system's template (nhận biểu mẫu). Raises FaultyExchange, NotAllowed."""
    on = clock.day_of(at)
    if by:
        allow(by, Verb.EXCHANGE, unit, on=on)
        if plan not in queries.plans_to_map(by, on):
            raise NotAllowed("Kế hoạch nằm ngoài phạm vi.")
    name = name.strip()[:200] or file_name.rsplit(".", 1)[0]
    sha256, size = files.keep(chunks)
    try:
        template = open_template(files.path_of(sha256))
    except Unreadable as why:
        raise FaultyExchange(f"{why.fault.message} {why.fault.suggestion}") from why
    with transaction.atomic():
        form = ExchangeForm.objects.create(
            plan=plan, unit=unit, name=name, file_name=file_name, sha256=sha256, size=size,
            kept=list(template.kept), received_by=by, received_at=at,
        )  # fmt: skip
        record(
            by, "exchange.receive_form", form, at=at, summary=f"Nhận biểu mẫu “{name}”",
            unit_code=unit.code, sha256=sha256,
        )  # fmt: skip
    return form


def save_mapping(
    *, form: ExchangeForm, data: Any, seen: int, note: str, by: User | None, at: datetime
) -> MappingVersion:
    """Keep a new version of a mapping (lưu cách ghép). `seen`: the version it was made from.

    Raises UnfitMapping, FaultyExchange (not a mapping; somebody saved meanwhile), NotAllowed.
    """
    if by:
        allow(by, Verb.EXCHANGE, form.unit, on=clock.day_of(at))
    try:
        mapping = mapping_of(data)
    except FaultyMapping as why:
        raise FaultyExchange(str(why)) from why
    faults = check(mapping, queries.template_of(form), queries.known_for(form.plan))
    if faults:
        raise UnfitMapping(faults)
    with transaction.atomic():
        ExchangeForm.objects.select_for_update().get(pk=form.pk)  # one saves at a time
        last = queries.newest(form)
        number = last.number if last else 0
        if number != seen:
            raise FaultyExchange(
                f"Cách ghép đã có bản mới (bản {number}) do người khác lưu. Tải tệp cách ghép "
                "đang sửa về máy, mở lại trang rồi nhập lại."
            )
        version = MappingVersion.objects.create(
            form=form, number=number + 1, contents=mapping.as_json(), note=note.strip()[:200],
            saved_by=by, saved_at=at,
        )  # fmt: skip
        record(
            by, "exchange.save_mapping", version, at=at, unit_code=form.unit.code,
            summary=f"Lưu cách ghép bản {version.number} của “{form.name}”", note=version.note,
        )  # fmt: skip
    return version


def take_codes(
    *, form: ExchangeForm, chunks: Iterable[bytes], by: User, at: datetime
) -> MappingVersion:
    """A table of codes from Excel becomes part of a new version (nạp bảng mã đơn vị)."""
    allow(by, Verb.EXCHANGE, form.unit, on=clock.day_of(at))
    last = queries.newest(form)
    if last is None:
        raise FaultyExchange("Chưa có cách ghép nào: hãy ghép và lưu ít nhất một ô trước.")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ma.xlsx"
        file.write_bytes(b"".join(chunks))
        try:
            sheets = open_sheets(file)
        except Unreadable as why:
            raise FaultyExchange(f"{why.fault.message} {why.fault.suggestion}") from why
    cells = next(iter(sheets.values())).values if sheets else {}
    codes = rules.codes_in(cells, queries.known_for(form.plan).units)
    data = {**last.contents, "codes": {**last.contents["codes"], **codes}}
    note = f"Nạp {len(codes)} mã đơn vị từ Excel"
    return save_mapping(form=form, data=data, seen=last.number, note=note, by=by, at=at)


def take_mapping(*, form: ExchangeForm, content: bytes, by: User, at: datetime) -> MappingVersion:
    """A mapping's file, from here or another province, becomes a new version (nạp cách ghép)."""
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as why:
        raise FaultyExchange("Tệp không phải là tệp cách ghép (.json) tải về từ đây.") from why
    last = queries.newest(form)
    seen = last.number if last else 0
    return save_mapping(form=form, data=data, seen=seen, note="Nạp từ tệp", by=by, at=at)


def ask_export(
    *, form: ExchangeForm, unit: Unit, period_code: str, as_of: datetime, by: User, at: datetime,
    again: Export | None = None,
) -> Export:  # fmt: skip
    """Record that a template is to be filled (xuất biểu); the worker does it (making.py)."""
    on = clock.day_of(at)
    allow(by, Verb.EXCHANGE, form.unit, on=on)
    allow(by, Verb.SEE_FIGURES, unit, on=on)
    if unit not in queries.units_to_export(by, form, on):
        raise NotAllowed("Đơn vị nằm ngoài kế hoạch.")
    rules.check_moment(as_of, at)
    version = again.mapping if again else queries.newest(form)
    if version is None:
        raise FaultyExchange("Biểu mẫu chưa có cách ghép. Hãy ghép ô và lưu trước khi xuất.")
    try:
        period = Period.of(period_code)
    except ValueError as why:
        raise FaultyExchange(str(why)) from why
    if clock.start_of(period.first_day()) > as_of:
        raise FaultyExchange(f"Đến thời điểm chốt, {period.label} chưa bắt đầu. Hãy chọn kỳ khác.")
    with transaction.atomic():
        export = Export.objects.create(
            mapping=version, unit=unit, period=period.code, as_of=as_of, asked_by=by, asked_at=at,
            again=again,
        )  # fmt: skip
        record(
            by, "exchange.ask_export", export, at=at, unit_code=unit.code,
            summary=f"Xuất “{form.name}” {period.label} của {unit.name}"[:300],
            mapping=version.number, as_of=as_of, again=again.pk if again else None,
        )  # fmt: skip
    return export


def note_download(*, export: Export, by: User, at: datetime) -> None:
    """A filled template left the house (tải biểu đã điền)."""
    record(
        by, "exchange.download", export, at=at, unit_code=export.unit.code,
        summary=f"Tải biểu đã điền “{export.mapping.form.name}”"[:300], sha256=export.sha256,
    )  # fmt: skip
