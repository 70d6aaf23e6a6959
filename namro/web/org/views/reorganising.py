"""Reorganising a unit: asked in a form, shown before it is done, done only when confirmed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from namro.web.frame import clock
from namro.web.org import actions, queries
from namro.web.org import reorganise_forms as forms
from namro.web.org.models import Unit
from namro.web.org.rules import Verb


@dataclass(frozen=True)
class Way:
    """One way to reorganise: its words, its form, its action."""

    title: str
    lead: str
    form: type[forms.ReorganiseForm]
    action: Callable[..., list[str]]


_RENAME = Way(
    "Đổi tên",
    "Tên cũ được giữ lại và vẫn nhận ra được trong văn bản; báo cáo đã phát hành không thay đổi.",
    forms.RenameForm,
    actions.rename_unit,
)
_MOVE = Way(
    "Chuyển trực thuộc",
    "Số liệu các kỳ trước vẫn tính cho cấp trên cũ; từ kỳ có ngày cuối sau ngày hiệu lực, đơn vị "
    "được tính cho cấp trên mới.",
    forms.MoveForm,
    actions.move_unit,
)
_MERGE = Way(
    "Sáp nhập",
    "Số liệu của đơn vị mới cho thời gian trước là tổng của các đơn vị nhập vào; kỳ cũ xem theo "
    "cây đơn vị của lúc ấy thì giữ nguyên đến từng chữ số.",
    forms.MergeForm,
    actions.merge_units,
)
_SPLIT = Way(
    "Chia, tách",
    "Số liệu cũ không chia được thì không đoán: giữ ở cấp trên chung của các đơn vị mới.",
    forms.SplitForm,
    actions.split_unit,
)
_CLOSE = Way(
    "Kết thúc hoạt động",
    "Dùng khi không có đơn vị nào kế thừa; có đơn vị kế thừa thì dùng “Sáp nhập”.",
    forms.CloseForm,
    actions.close_unit,
)
_CREATE = Way(
    "Thành lập đơn vị",
    "Đơn vị mới bắt đầu từ ngày có hiệu lực, chưa có số liệu cũ.",
    forms.CreateForm,
    actions.create_unit,
)


def rename(request, code):
    """Another name from a day on."""
    unit = _unit(request, code)
    told = {"name": unit.name, "short_name": unit.short_name, "kind": unit.kind}
    return _reorganise(request, _RENAME, unit, told)


def move(request, code):
    """Another superior from a day on."""
    return _reorganise(request, _MOVE, _unit(request, code), {})


def merge(request, code):
    """Into a new unit or another one, with others or alone."""
    unit = _unit(request, code)
    return _reorganise(request, _MERGE, unit, {"kind": unit.kind})


def split(request, code):
    """In new units."""
    unit = _unit(request, code)
    return _reorganise(request, _SPLIT, unit, {"kind": unit.kind})


def close(request, code):
    """The end, without an heir."""
    return _reorganise(request, _CLOSE, _unit(request, code), {})


def create(request):
    """A unit that begins."""
    queries.allow(request.user, Verb.MANAGE_PEOPLE, on=clock.today())
    return _reorganise(request, _CREATE, None, {})


def _unit(request, code: str) -> Unit:
    on = clock.today()
    queries.allow(request.user, Verb.MANAGE_PEOPLE, on=on)
    found = queries.units_within(request.user, Verb.MANAGE_PEOPLE, on).filter(code=code).first()
    if found is None:
        raise Http404
    return found


def _reorganise(request, way: Way, unit: Unit | None, told: dict):
    """GET: the form. POST: what it would do; POST with “xac-nhan”: it is done."""
    units = queries.living_within(request.user, Verb.MANAGE_PEOPLE, clock.today())
    form = way.form(units, unit, request.POST or None, initial={"on": clock.today(), **told})
    effects, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            asked = {**form.asked(), "order": form.order(request.user, clock.now())}
            try:
                if "xac-nhan" in request.POST:
                    lines = way.action(**asked)
                    messages.success(request, lines[0])
                    return redirect(_address(asked, unit))
                effects, status = actions.preview(way.action, **asked), 200
            except (actions.BadReorganisation, actions.FaultyTree) as why:
                form.add_error(None, str(why))
    context = {"way": way, "unit": unit, "form": form, "effects": effects}
    return render(request, "org/reorganise.html", context, status=status)


def _address(asked: dict, unit: Unit | None) -> str:
    target = unit.code if unit else asked["new"].code
    return reverse("org:unit", args=[target])
