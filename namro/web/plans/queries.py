"""Reads: readings under review, plans in sight, what they ask, and who owes it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from namro.reading import KnownUnit
from namro.reading.directory import expand
from namro.reading.mentions import is_collective
from namro.vietnamese import fold
from namro.web.org.models import Post, Unit, UnitAncestor, UnitLink, User
from namro.web.org.queries import in_force, posts_of, reaches, subordinates, units_within
from namro.web.org.rules import Tree, Verb, grants
from namro.web.plans.models import Assignment, Plan, Reading, ReviewItem, Target, Task
from namro.web.plans.rules import GROUPS, Group, ItemKind, Part, collective_of

# A document not confirmed yet is for those who receive documents, within their reach alone.


def readings_for(viewer: User, on: date) -> QuerySet[Reading]:
    """The readings a person may see: of units within reach for RECEIVE_DOCUMENT. Newest first."""
    units = units_within(viewer, Verb.RECEIVE_DOCUMENT, on)
    rows = Reading.objects.filter(document__unit__in=units).defer("found", "blocks", "boxes")
    return rows.select_related("document__unit", "document__received_by", "plan").order_by("-pk")


def receiving_units(viewer: User, on: date) -> list[Unit]:
    """The units in whose name a person receives documents: those of the posts that allow it."""
    posts = [p for p in posts_of(viewer, on) if grants(p.role, Verb.RECEIVE_DOCUMENT)]
    return list({p.unit_id: p.unit for p in posts}.values())


def full_reading(viewer: User, reading_id: int, on: date) -> Reading | None:
    """One reading, when the person may see it; its words and boxes come when they are asked for."""
    return readings_for(viewer, on).filter(pk=reading_id).first()


def heads_of(readings: Iterable[int]) -> dict[int, dict[str, Any]]:
    """reading id → the head of its document, as people left it."""
    rows = ReviewItem.objects.filter(reading__in=list(readings), kind=ItemKind.HEAD.value)
    return dict(rows.values_list("reading_id", "values"))


def plans_for(viewer: User, on: date) -> QuerySet[Plan]:
    """The plans a person may see: their reach lies within the plan's root, or above it."""
    tops = [u.pk for u in reaches(viewer, Verb.SEE_PLAN, on)]
    links = UnitAncestor.objects.filter(in_force(on))
    above = links.filter(unit_id__in=tops).values("ancestor_id")
    below = links.filter(ancestor_id__in=tops).values("unit_id")
    seen = Q(root_id__in=tops) | Q(root_id__in=above) | Q(root_id__in=below)
    return Plan.objects.filter(seen).select_related("root", "issuer").order_by("-pk")


def targets_for(viewer: User, on: date) -> QuerySet[Target]:
    """The targets of all plans in sight."""
    plans = plans_for(viewer, on).order_by().values("pk")
    rows = Target.objects.filter(plan__in=plans).select_related("plan")
    return rows.order_by("plan_id", "position")


def tasks_for(viewer: User, on: date) -> QuerySet[Task]:
    """The tasks of all plans in sight."""
    plans = plans_for(viewer, on).order_by().values("pk")
    return (
        Task.objects.filter(plan__in=plans).select_related("plan").order_by("plan_id", "position")
    )


def open_faults(plan: Plan) -> list[dict[str, Any]]:
    """Faults of the plan's document nobody has settled in the review, in its order."""
    rows = ReviewItem.objects.filter(reading_id=plan.reading_id, kind=ItemKind.FAULT.value)
    found = (row.item for row in rows.order_by("position", "pk"))
    return [fault for fault in found if not fault.get("settled")]


def with_open_faults(plans: QuerySet[Plan]) -> QuerySet[Plan]:
    """The plans with `faults_open`, how many faults of the document nobody has settled."""
    still = Q(reading__items__kind=ItemKind.FAULT.value, reading__items__values__settled=False)
    return plans.annotate(faults_open=Count("reading__items", filter=still))


def targets_of(plan: Plan) -> QuerySet[Target]:
    """A plan's targets, as in the document."""
    return plan.targets.select_related("plan").order_by("position")


def tasks_of(plan: Plan) -> QuerySet[Task]:
    """A plan's tasks, as in the document."""
    return plan.tasks.select_related("plan").order_by("position")


def open_assignments(thing: Target | Task, on: date) -> QuerySet[Assignment]:
    """Who owes a target or a task on a day, and in which part."""
    rows = thing.assignments.filter(in_force(on)).select_related("unit", "person")
    return rows.order_by("part", "pk")


def who_leads_and_helps(plan: Plan, on: date) -> list[Assignment]:
    """LEAD and PARTNER of all targets and tasks of a plan on a day, the first named first."""
    of_plan = Q(target__plan=plan) | Q(task__plan=plan)
    rows = Assignment.objects.filter(in_force(on), of_plan, part__in=(Part.LEAD, Part.PARTNER))
    return list(rows.select_related("unit").order_by("pk"))


def all_assignments(thing: Target | Task) -> QuerySet[Assignment]:
    """The assignments of a target or a task, ended ones too."""
    rows = thing.assignments.select_related("unit", "person")
    return rows.order_by("to_on", "part", "pk")


def _units(thing: Target | Task, part: Part, on: date) -> list[Unit]:
    return [a.unit for a in open_assignments(thing, on) if a.part == part]


def leads(thing: Target | Task, on: date) -> list[Unit]:
    """The units that lead on a day (chủ trì), the first named first."""
    return _units(thing, Part.LEAD, on)


def partners(thing: Target | Task, on: date) -> list[Unit]:
    """The units that take part on a day (phối hợp)."""
    return _units(thing, Part.PARTNER, on)


def executors(target: Target | Task, on: date) -> list[Unit]:
    """The units that carry out and report figures on a day (thực hiện)."""
    return _units(target, Part.EXECUTOR, on)


def with_assignments(rows: QuerySet[Any], on: date) -> QuerySet[Any]:
    """Targets or tasks with `open_now`, their assignments in force: two queries for all."""
    now = Assignment.objects.filter(in_force(on)).select_related("unit", "person").order_by("pk")
    return rows.prefetch_related(Prefetch("assignments", queryset=now, to_attr="open_now"))


def assignable_units(viewer: User, on: date) -> QuerySet[Unit]:
    """The units a person may give work to, still open on the day."""
    return _open(units_within(viewer, Verb.ASSIGN, on), on)


def _open(units: QuerySet[Unit], on: date) -> QuerySet[Unit]:
    return units.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on)).order_by("name")


def units_of_group(group: Group, top: Unit, on: date) -> list[Unit]:
    """The units a group stands for below `top`; for `below` groups, those directly under it."""
    if group.below:
        links = UnitLink.objects.filter(in_force(on), superior=top, tree=Tree.PARTY)
        rows = Unit.objects.filter(pk__in=links.values("unit_id"))
    else:
        rows = subordinates([top], on)
    return list(_open(rows.filter(kind__in=group.kinds).exclude(pk=top.pk), on))


def province_of(unit: Unit, on: date) -> Unit:
    """The highest unit above one (itself where nothing is above)."""
    links = UnitAncestor.objects.filter(in_force(on), unit=unit)
    above = Unit.objects.filter(pk__in=links.values("ancestor_id"))
    return above.filter(kind="PROVINCE").first() or unit


class Directory:
    """The open units by their names, for finding whom a document means. One query."""

    def __init__(self, on: date) -> None:
        self.on = on
        self.units = list(_open(Unit.objects.all(), on))
        self.by_code = {u.code: u for u in self.units}
        self._known = [KnownUnit(u.code, u.name) for u in self.units]
        self._names: dict[str, Unit] = {}
        for unit in self.units:
            for name in (unit.code, unit.name, unit.short_name, *unit.aliases):
                if name:
                    self._names.setdefault(fold(name), unit)

    def named(self, text: str) -> Unit | None:
        """The unit with this name, short name, other name or code, with or without diacritics."""
        return self._names.get(fold(text).strip(" .,;:"))

    def inside(self, text: str) -> Unit | None:
        """The unit whose name the text ends with ("… trực thuộc Đảng ủy UBND tỉnh")."""
        words = fold(text).strip(" .,;:")
        found = [n for n in self._names if len(n) > 5 and words.endswith(f" {n}")]
        return self._names[max(found, key=len)] if found else None

    def issuer(self, text: str | None) -> Unit | None:
        """The unit a head names, the province's own name left off ("… UBND tỉnh Lai Châu")."""
        words = fold(text or "")
        begins = [n for n in self._names if len(n) > 5 and f"{words} ".startswith(f"{n} ")]
        return self._names[max(begins, key=len)] if begins else None

    def proposed(self, text: str, issuer: Unit, top: Unit) -> list[str]:
        """Codes of the units a collective phrase seems to mean; [] for a single unit."""
        group = collective_of(text)
        if group is None:  # no group of the lists' own: what the name itself tells
            named = expand(text, self._known) if is_collective(text) else ()
            return list(named)
        above = (self.inside(text) or issuer) if group.below else top
        return [u.code for u in units_of_group(group, above, self.on)]

    def members(self, group: Group, issuer: Unit) -> list[str]:
        """Codes of a group's units, seen from the unit that issues the plan."""
        above = issuer if group.below else province_of(issuer, self.on)
        return [u.code for u in units_of_group(group, above, self.on)]


def assignment_for(viewer: User, assignment_id: int, on: date) -> Assignment | None:
    """An assignment of a plan in sight."""
    plans = plans_for(viewer, on).order_by().values("pk")
    rows = Assignment.objects.filter(Q(target__plan__in=plans) | Q(task__plan__in=plans))
    rows = rows.select_related("unit", "person", "target__plan", "task__plan")
    return rows.filter(pk=assignment_id).first()


def people_of(units: Iterable[Unit], on: date) -> dict[int, list[User]]:
    """unit id → its active people on a day, by name; one query for all."""
    posts = Post.objects.filter(in_force(on), unit__in=list(units), user__is_active=True)
    found: dict[int, dict[int, User]] = {}
    for post in posts.select_related("user").order_by("user__full_name"):
        found.setdefault(post.unit_id, {})[post.user_id] = post.user
    return {unit: list(people.values()) for unit, people in found.items()}


def units_by_code(codes: Iterable[str]) -> dict[str, Unit]:
    """code → unit, in one query."""
    return {u.code: u for u in Unit.objects.filter(code__in=set(codes))}


def source(plan: Plan) -> list[dict[str, Any]]:
    """The blocks of the document a plan was read from: index, page, text (and cell, bold)."""
    return list(plan.reading.blocks)


def groups() -> list[Group]:
    """The groups offered when work is given by kind."""
    return list(GROUPS.values())
