"""Who owes what: the list of a plan, and one target or task with its units and people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from namro.terms import Deadline
from namro.vietnamese import capitalised
from namro.web.frame import clock
from namro.web.frame.listing import Column, Filter, Listing, show
from namro.web.org.queries import allow
from namro.web.org.rules import Verb
from namro.web.plans import actions, entry, queries
from namro.web.plans.models import Target
from namro.web.plans.rules import GROUPS, PART_LABELS, Part

_PARTS = (Part.LEAD, Part.PARTNER, Part.ADVISER, Part.EXECUTOR)


@dataclass(frozen=True)
class Row:
    """A target or a task with who owes it now."""

    thing: Any
    kind: str
    words: str
    units: dict[str, list[Any]]
    people: list[str]
    lacking: str

    @property
    def address(self):
        name = "assign_target" if self.kind == "Chỉ tiêu" else "assign_task"
        return reverse(f"plans:{name}", args=[self.thing.pk])

    def named(self, part):
        """Up to three units by name, then how many there are."""
        labels = [u.label for u in self.units[part]]
        rest = f" và {len(labels) - 3} đơn vị khác" if len(labels) > 3 else ""
        return ", ".join(labels[:3]) + rest


def _row(thing, is_target):
    units = {part: [a.unit for a in thing.open_now if a.part == part] for part in _PARTS}
    lacking = []
    if not units[Part.LEAD]:
        lacking.append("chủ trì")
    if is_target and not units[Part.EXECUTOR]:
        lacking.append("thực hiện")
    return Row(
        thing,
        "Chỉ tiêu" if is_target else "Nhiệm vụ",
        capitalised(thing.subject if is_target else thing.title),
        units,
        [a.person.full_name for a in thing.open_now if a.person],
        f"Thiếu {', '.join(lacking)}" if lacking else "Đủ",
    )


_COLUMNS = [
    Column("muc", "Mục", lambda r: f"{r.kind} {r.thing.code}", width=18),
    Column("noi-dung", "Nội dung", lambda r: r.words, link=lambda r: r.address, width=60),
    Column("phan-cong", "Phân công", lambda r: r.lacking, "state",
           sign=lambda r: "DONE_ON_TIME" if r.lacking == "Đủ" else "OVERDUE"),
    Column("chu-tri", "Chủ trì", lambda r: r.named(Part.LEAD), width=32),
    Column("phoi-hop", "Phối hợp", lambda r: r.named(Part.PARTNER), width=32),
    Column("thuc-hien", "Thực hiện", lambda r: r.named(Part.EXECUTOR), width=32),
    Column("nguoi", "Người phụ trách", lambda r: ", ".join(r.people)),
    Column("han", "Thời hạn", lambda r: r.thing.due_on, "date"),
]  # fmt: skip
_KINDS = Filter(
    "loai", "Loại", [("ct", "Chỉ tiêu"), ("nv", "Nhiệm vụ")],
    lambda rows, v: [r for r in rows if (r.kind == "Chỉ tiêu") == (v == "ct")],
)  # fmt: skip
_LACKING = Filter(
    "thieu", "Phân công", [("thieu", "Còn thiếu"), ("du", "Đã đủ")],
    lambda rows, v: [r for r in rows if (r.lacking == "Đủ") == (v == "du")],
)  # fmt: skip


@require_GET
def assignments(request):
    """All that a plan asks, with who owes it; what lacks someone first."""
    on = clock.today()
    allow(request.user, Verb.ASSIGN, on=on)
    plans = list(queries.plans_for(request.user, on))
    wanted = request.GET.get("ke-hoach", "")
    plan = next((p for p in plans if str(p.pk) == wanted), plans[0] if plans else None)
    rows = _rows(plan, on) if plan else []
    lacking = sum(1 for r in rows if r.lacking != "Đủ")
    empty = "Chưa có kế hoạch nào. Hãy đưa văn bản vào, rà soát và xác nhận trước."
    listing = Listing("Phân công", _COLUMNS, [_KINDS, _LACKING], per_page=200, empty=empty)
    return show(
        request, listing, rows, "plans/assignments.html",
        plan=plan, plans=plans, lacking=lacking, of=len(rows),
    )  # fmt: skip


def _rows(plan, on):
    targets = queries.with_assignments(queries.targets_of(plan), on)
    tasks = queries.with_assignments(queries.tasks_of(plan), on)
    rows = [_row(t, True) for t in targets] + [_row(t, False) for t in tasks]
    return sorted(rows, key=lambda r: r.lacking == "Đủ")


@require_http_methods(["GET", "POST"])
def assign_target(request, target_id):
    """Who owes a target."""
    return _assign(request, queries.targets_for, target_id)


@require_http_methods(["GET", "POST"])
def assign_task(request, task_id):
    """Who owes a task."""
    return _assign(request, queries.tasks_for, task_id)


def _assign(request, things_for, pk):
    on = clock.today()
    allow(request.user, Verb.ASSIGN, on=on)
    thing = things_for(request.user, on).filter(pk=pk).first()
    if thing is None:
        raise Http404
    if request.method == "GET":
        return _page(request, thing, on)
    try:
        made = _give(request, thing, on)
    except (actions.BadAssignment, ValueError) as why:
        return _page(request, thing, on, error=str(why), status=422)
    if made:
        messages.success(request, f"Đã giao việc cho {len(made)} đơn vị.")
    else:
        messages.info(request, "Các đơn vị này đã giữ vai đó từ trước; không có gì thay đổi.")
    return redirect(request.path)


def _give(request, thing, on):
    """Read the form: a part, a group or units by name, a day."""
    post, directory = request.POST, queries.Directory(on)
    if post.get("vai") not in set(_PARTS):
        raise actions.BadAssignment("Hãy chọn vai của đơn vị.")
    units = []
    for name in filter(str.strip, post.get("don-vi", "").split(";")):
        unit = directory.named(name)
        if unit is None:
            raise actions.BadAssignment(
                f"Không có đơn vị tên “{name.strip()}”. Hãy chọn trong danh sách gợi ý."
            )
        units.append(unit)
    if group := GROUPS.get(post.get("nhom", "")):
        codes = directory.members(group, thing.plan.issuer)
        units += [directory.by_code[c] for c in codes]
        if not codes:
            raise actions.BadAssignment(f"Chưa có đơn vị nào thuộc nhóm “{group.label}”.")
    if not units:
        raise actions.BadAssignment("Hãy chọn một nhóm đơn vị hoặc ghi tên đơn vị.")
    kind = "target" if isinstance(thing, Target) else "task"
    return actions.assign_many(
        by=request.user, at=clock.now(), units=list(dict.fromkeys(units)),
        part=Part(post["vai"]), from_on=_day(post.get("tu"), on), **{kind: thing},
    )  # fmt: skip


def _day(typed, otherwise):
    iso = entry.dated(typed)
    if iso and len(iso) < 10:
        raise ValueError("Phải ghi đủ ngày, tháng, năm.")
    return Deadline(iso).last_day or otherwise


def _page(request, thing, on, *, error="", status=200):
    rows = list(queries.all_assignments(thing))
    open_rows = [a for a in rows if a.to_on is None or a.to_on > on]
    people = queries.people_of({a.unit for a in open_rows}, on)
    by_part = [
        (PART_LABELS[p], [(a, people.get(a.unit_id, [])) for a in open_rows if a.part == p])
        for p in _PARTS
    ]
    context = {
        "thing": thing,
        "is_target": isinstance(thing, Target),
        "by_part": [(label, found) for label, found in by_part if found],
        "ended": [a for a in rows if a not in open_rows],
        "parts": [(p.value, PART_LABELS[p]) for p in _PARTS],
        "groups": GROUPS.values(),
        "units": queries.assignable_units(request.user, on),
        "today": on,
        "error": error,
        "typed": request.POST,
    }
    return render(request, "plans/assign.html", context, status=status)


def _find(request, assignment_id):
    on = clock.today()
    allow(request.user, Verb.ASSIGN, on=on)
    found = queries.assignment_for(request.user, assignment_id, on)
    if found is None:
        raise Http404
    name, thing = ("assign_target", found.target) if found.target else ("assign_task", found.task)
    return found, reverse(f"plans:{name}", args=[thing.pk])


@require_POST
def end_assignment(request, assignment_id):
    """End an assignment, from the day given on (today when none is)."""
    found, back = _find(request, assignment_id)
    try:
        to_on = _day(request.POST.get("den"), clock.today())
        actions.end_assignment(assignment=found, by=request.user, at=clock.now(), to_on=to_on)
    except ValueError as why:
        messages.error(request, str(why))
    else:
        messages.success(request, f"Đã thôi giao {found.unit.name}; lịch sử phân công vẫn còn.")
    return redirect(back)


@require_POST
def name_person(request, assignment_id):
    """Say which person of the unit answers for it."""
    found, back = _find(request, assignment_id)
    people = queries.people_of([found.unit], clock.today()).get(found.unit_id, [])
    chosen = request.POST.get("nguoi", "")
    person = next((p for p in people if str(p.pk) == chosen), None)
    try:
        if chosen and person is None:
            raise actions.BadAssignment(f"Người này không còn ở {found.unit.name}; hãy chọn lại.")
        actions.name_person(assignment=found, person=person, by=request.user, at=clock.now())
    except actions.BadAssignment as why:
        messages.error(request, str(why))
    else:
        name = person.full_name if person else "chưa ghi tên"
        messages.success(request, f"Người phụ trách ở {found.unit.name}: {name}.")
    return redirect(back)
