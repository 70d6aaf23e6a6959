"""Doubts about values: the list, and one doubt to be answered."""

from __future__ import annotations

from django.urls import reverse

from namro.measuring.quality import CHECK_LABELS
from namro.terms import Period
from namro.vietnamese import capitalised, format_number
from namro.web.facts.library import library
from namro.web.facts.models import Doubt
from namro.web.facts.rules import DOUBT_STATES
from namro.web.frame.listing import Column, Filter, Listing


def address_of(doubt: Doubt) -> str:
    """The page on which a doubt is answered."""
    return f"{reverse('results:doubt')}?so={doubt.pk}"


def title_of(doubt: Doubt) -> str:
    """The title of the element it is about."""
    element = library().elements.get(doubt.element)
    return capitalised(element.title.removeprefix("Trong đó: ")) if element else doubt.element


def value_of(doubt: Doubt) -> str:
    """The value it is about, with its unit of measure."""
    element = library().elements.get(doubt.element)
    unit = f" {element.unit_of_measure}" if element else ""
    return f"{format_number(doubt.value)}{unit}"


def _of(field: str):
    return lambda rows, value: rows.filter(**{field: value})


DOUBTS = Listing(
    title="Điểm nghi vấn của số liệu",
    columns=[
        Column("don-vi", "Đơn vị", lambda d: d.unit.label, width=30),
        Column("so-lieu", "Số liệu", title_of, link=address_of, sortable=False, width=60),
        Column("ky", "Kỳ", lambda d: Period.of(d.period).label, sortable=False),
        Column("gia-tri", "Giá trị", value_of, "number", sortable=False),
        Column("kiem-tra", "Phép kiểm tra", lambda d: CHECK_LABELS.get(d.check_name, "")),
        Column("vi-sao", "Vì sao hỏi", lambda d: d.why, sortable=False, width=60),
        Column("tinh-trang", "Tình trạng", lambda d: d.get_state_display(), "state"),
        Column("tra-loi", "Trả lời", lambda d: d.answer, sortable=False, width=50),
    ],
    filters=[
        Filter("tinh-trang", "Tình trạng", list(DOUBT_STATES.items()), _of("state")),
        Filter("kiem-tra", "Phép kiểm tra", list(CHECK_LABELS.items()), _of("check_name")),
    ],
    empty="Không có điểm nghi vấn nào trong phạm vi của đồng chí.",
)
