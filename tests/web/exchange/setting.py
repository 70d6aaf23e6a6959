"""A template of another system in the small province, mapped, exported once."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from namro.web.exchange import actions
from namro.web.exchange.making import make
from namro.web.exchange.models import ExchangeForm, Export
from tests.workbook.filling.forms import small_book

AT = datetime(2025, 9, 24, 9, 0, tzinfo=UTC)
MAPPING = {
    "spots": [
        {"sheet": "Biểu 1", "cell": "B2", "what": "period"},
        {"sheet": "Biểu 1", "cell": "C2", "what": "as_of", "look": {"date": "moment"}},
    ],
    "blocks": [
        {
            "sheet": "Biểu 1", "rows": "targets", "first": 5, "last": 8,
            "columns": [
                {"column": "A", "what": "target_code"},
                {"column": "B", "what": "target_name"},
                {"column": "C", "what": "numerator"},
                {"column": "D", "what": "denominator"},
                {"column": "E", "what": "value", "look": {"scale": "0.01", "missing": "dash"}},
            ],
        },
        {
            "sheet": "Xã", "rows": "units", "first": 3, "last": 5,
            "match": "code", "match_column": "A",
            "columns": [{"column": "B", "what": "value", "of": "5"}],
        },
    ],
    "codes": {"c1": "90001", "c2": "90002"},
}  # fmt: skip


def book_bytes() -> bytes:
    out = io.BytesIO()
    small_book().save(out)
    return out.getvalue()


def a_form(world, unit: str = "12", mapped: bool = True) -> ExchangeForm:
    form = actions.receive_form(
        plan=world.plan, unit=world.units[unit], name="Biểu quốc gia", file_name="bieu.xlsx",
        chunks=[book_bytes()], by=None, at=AT,
    )  # fmt: skip
    if mapped:
        actions.save_mapping(form=form, data=MAPPING, seen=0, note="", by=None, at=AT)
    return form


def an_export(world, form: ExchangeForm | None = None) -> Export:
    export = actions.ask_export(
        form=form or a_form(world), unit=world.units["12"], period_code="202509", as_of=AT,
        by=world.people["dieuphoi"], at=AT,
    )  # fmt: skip
    make(export.pk, AT)
    export.refresh_from_db()
    return export
