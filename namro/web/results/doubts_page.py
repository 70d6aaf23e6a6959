"""Doubts about values: the list, and one doubt to be answered."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse

from namro.measuring.quality import CHECK_LABELS, CHECK_MEANINGS
from namro.terms import Period
from namro.vietnamese import capitalised, fold, format_number
from namro.web.facts.library import library
from namro.web.facts.models import Doubt
from namro.web.facts.rules import DOUBT_STATES
from namro.web.frame import clock
from namro.web.frame.listing import Column, Filter, Listing
from namro.web.org.models import Unit
from namro.web.org.rules import KIND_LABELS

MEANINGS = [(CHECK_LABELS[check], meaning) for check, meaning in CHECK_MEANINGS.items()]
"""Each check's name and what it asks, in plain words."""


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


def counted_title_of(doubt: Doubt) -> str:
    """The title with the unit of measure, so that the value beside it is a number alone."""
    element = library().elements.get(doubt.element)
    return f"{title_of(doubt)} ({element.unit_of_measure})" if element else title_of(doubt)


def _of(field: str):
    return lambda rows, value: rows.filter(**{field: value})


COLUMNS = [
    Column("don-vi", "Đơn vị", lambda d: d.unit.label, width=30),
    Column("so-lieu", "Số liệu", counted_title_of, link=address_of, width=45),
    Column("ky", "Kỳ", lambda d: Period.of(d.period).label, "period", order="period", width=16),
    Column("gia-tri", "Giá trị", lambda d: d.value, "number", order="value", width=16),
    Column("kiem-tra", "Phép kiểm tra", lambda d: CHECK_LABELS.get(d.check_name, "")),
    Column("vi-sao", "Vì sao hỏi", lambda d: d.why, sortable=False, width=49),
    Column("tinh-trang", "Tình trạng", lambda d: d.get_state_display(), "state", width=18),
    Column("tra-loi", "Trả lời", lambda d: d.answer, sortable=False, width=45),
    Column("ngay", "Phát hiện", lambda d: clock.day_of(d.found_at), "date", "found_at", width=14),
]


def listing(rows: QuerySet[Doubt]) -> Listing:
    """The list of these doubts: filters offer what occurs in them."""
    periods = sorted(
        {Period.of(code) for code in rows.order_by().values_list("period", flat=True).distinct()},
        key=lambda p: (p.first + p.length, p.length),
        reverse=True,
    )
    kinds = set(rows.order_by().values_list("unit__kind", flat=True).distinct())
    return Listing(
        title="Điểm nghi vấn của số liệu",
        columns=COLUMNS,
        filters=[
            Filter("tinh-trang", "Tình trạng", list(DOUBT_STATES.items()), _of("state")),
            Filter("kiem-tra", "Phép kiểm tra", list(CHECK_LABELS.items()), _of("check_name")),
            Filter("ky", "Kỳ", [(p.code, p.label) for p in periods], _of("period")),
            Filter(
                "loai",
                "Loại đơn vị",
                [(k.value, words) for k, words in KIND_LABELS.items() if k.value in kinds],
                _of("unit__kind"),
            ),
        ],
        empty="Không có điểm nghi vấn nào trong phạm vi của đồng chí.",
        search=_search,
    )


def _search(rows: QuerySet[Doubt], wanted: str) -> QuerySet[Doubt]:
    """Every word asked for stands in the unit's name, the figure's title or the check's."""
    units = {u.pk: fold(u.label) for u in Unit.objects.filter(pk__in=rows.values("unit"))}
    titles = {slug: fold(element.title) for slug, element in library().elements.items()}
    checks = {check: fold(label) for check, label in CHECK_LABELS.items()}
    found = []
    for pk, unit, element, check in rows.values_list("pk", "unit_id", "element", "check_name"):
        said = f"{units[unit]} {titles.get(element, '')} {checks.get(check, '')}"
        if all(word in said for word in wanted.split()):
            found.append(pk)
    return rows.filter(pk__in=found)
