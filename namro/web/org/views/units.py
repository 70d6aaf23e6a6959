"""The list of units, one unit's page, loading the table of units."""

from __future__ import annotations

import csv
import io

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from namro.web.frame import clock, uploads
from namro.web.frame.entered import plain
from namro.web.frame.listing import Column, Filter, Listing, show
from namro.web.org import actions, queries
from namro.web.org.rules import KIND_LABELS, TREE_LABELS, Tree, Verb
from namro.web.org.unit_rows import TITLES


def _superior(tree: Tree):
    def value(unit):
        return next((k.superior.label for k in unit.held if k.tree == tree), "")

    return value


def _address(unit) -> str:
    return reverse("org:unit", args=[unit.code])


UNITS = Listing(
    title="Đơn vị",
    columns=[
        Column("ma", "Mã", lambda u: u.code, width=14),
        Column("ten", "Tên đơn vị", lambda u: u.name, link=_address, width=46),
        Column("loai", "Loại", lambda u: u.get_kind_display(), width=30),
        Column("tren", "Cấp trên (chính quyền)", _superior(Tree.GOVERNMENT)),
        Column("tren-dang", "Cấp trên (Đảng)", _superior(Tree.PARTY)),
        Column("nguoi", "Số người", lambda u: len({p.user_id for p in u.posts_held}), "number"),
    ],
    filters=[
        Filter(
            "loai",
            "Loại",
            [(k.value, v) for k, v in KIND_LABELS.items()],
            lambda rows, value: rows.filter(kind=value),
        ),
        Filter(
            "he",
            "Hệ",
            [(t.value, v) for t, v in TREE_LABELS.items()],
            lambda rows, value: rows.filter(ancestors__tree=value).distinct(),
        ),
    ],
    empty="Không có đơn vị nào trong phạm vi của đồng chí.",
    sort="ma",
)


def units(request):
    """All units within reach."""
    on = clock.today()
    queries.allow(request.user, Verb.SEE_PEOPLE, on=on)
    manages = queries.may(request.user, Verb.MANAGE_PEOPLE, on=on)
    rows = queries.unit_rows(request.user, on)
    return show(request, UNITS, rows, template="org/units.html", manages=manages)


def unit(request, code):
    """One unit: where it stands, who works there, what was done."""
    on = clock.today()
    queries.allow(request.user, Verb.SEE_PEOPLE, on=on)
    found = queries.unit_seen(request.user, code, on)
    if found is None:
        raise Http404
    context = {
        "unit": found,
        "superiors": _by_tree(queries.superiors(found, on)),
        "subordinates": _by_tree(queries.direct_subordinates(found, on)),
        "links": queries.links_of(found),
        "history": queries.history_of(found),
        "is_living": found.closed_on is None or found.closed_on > on,
        "posts": queries.posts_in(found, on),
        "entries": queries.journal_within(request.user, on).filter(unit_code=code)[:20],
        "manages": queries.may(request.user, Verb.MANAGE_PEOPLE, found, on=on),
        "reads_journal": queries.may(request.user, Verb.SEE_JOURNAL, found, on=on),
        "today": on,
    }
    return render(request, "org/unit.html", context)


def _by_tree(units: dict[Tree, list]) -> list[tuple[str, list]]:
    return [(TREE_LABELS[tree], found) for tree, found in units.items()]


def load_units(request):
    """Upload the table of units as CSV; every fault is listed, then nothing is saved."""
    on = clock.today()
    queries.allow(request.user, Verb.MANAGE_PEOPLE, on=on)
    faults: list[str] = []
    if request.method == "POST":
        try:
            rows = _rows_of(request.FILES.get("tep"))
            count = actions.load_units(by=request.user, at=clock.now(), rows=rows)
        except (uploads.UploadRefused, actions.FaultyUnits, actions.FaultyTree) as why:
            faults = str(why).splitlines()
        else:
            messages.success(request, f"Đã nạp {count} đơn vị.")
            return redirect("org:units")
    context = {"faults": faults, "columns": TITLES.values(), "kinds": KIND_LABELS.values()}
    return render(request, "org/load_units.html", context, status=422 if faults else 200)


def _rows_of(upload) -> list[dict]:
    name = uploads.check(upload, suffixes=(".csv",), most=2 * 1024 * 1024)
    try:
        text = upload.read().decode("utf-8-sig")
    except UnicodeDecodeError as why:
        raise uploads.UploadRefused(
            f"Tệp “{name}” không ghi theo bảng mã UTF-8; hãy lưu lại ở dạng “CSV UTF-8”."
        ) from why
    try:
        return list(csv.DictReader(io.StringIO(plain(text))))
    except csv.Error as why:
        raise uploads.UploadRefused(
            f"Tệp “{name}” không đúng dạng CSV (dấu nháy hoặc xuống dòng bị lệch, có ô quá dài); "
            "hãy mở bằng Excel, lưu lại ở dạng “CSV UTF-8” rồi gửi lại."
        ) from why
