"""The lists of this room: targets with figures, the library, a plan's targets to be bound."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from namro.measuring.definitions import Measure
from namro.measuring.explain import explain
from namro.terms import Standing
from namro.vietnamese import capitalised, sort_key
from namro.web.facts.library import library
from namro.web.facts.queries import Card
from namro.web.frame.entered import whole
from namro.web.frame.listing import Column, Filter, Listing
from namro.web.org.models import Unit
from namro.web.plans.models import Plan, Target
from namro.web.results.board import BoardRow
from namro.web.results.queries import TargetResult, suggestions

KINDS = {
    "ratio": "Tỷ lệ",
    "level": "Số công bố",
    "milestone": "Cột mốc",
    "share_of_units": "Tỷ lệ đơn vị đạt",
    "combined": "Kết hợp",
}
LIKELY = 0.3
"""From this likeness on a suggestion is ticked beforehand; a person still presses the button."""


def _of_target(query: str, *, sortable: bool = True, width: int = 70) -> list[Column]:
    """The number and the words of a row's target; `query`: what its page is to show."""
    return [
        Column("so", "Số", lambda r: f"({r.target.code})", sortable=False, width=6),
        Column(
            "noi-dung",
            "Chỉ tiêu",
            lambda r: capitalised(r.target.subject) + (" (phấn đấu)" if r.target.soft else ""),
            link=lambda r: reverse("results:target", args=[r.target.pk]) + query,
            sortable=sortable,
            width=width,
        ),
    ]


def targets(rows: Sequence[TargetResult], query: str) -> Listing:
    """The list of targets; its filters offer the standings and leads that occur."""
    leads = {u.code: u.label for r in rows for u in r.leads}
    plans = {str(r.target.plan_id): r.target.plan.title for r in rows}
    filters = [
        Filter("danh-gia", "Đánh giá", [(s.value, s.label) for s in Standing], _of_standing),
        Filter("chu-tri", "Chủ trì", sorted(leads.items(), key=lambda p: sort_key(p[1])), _of_lead),
    ]
    if len(plans) > 1:
        filters.append(Filter("ke-hoach", "Kế hoạch", list(plans.items()), _of_plan))
    return Listing(
        title="Chỉ tiêu",
        columns=[
            *_of_target(query),
            Column("nguong", "Ngưỡng", lambda r: r.threshold_text, "number", sortable=False),
            Column("hien-nay", "Hiện nay", lambda r: r.value_text, "number", sortable=False),
            Column(
                "danh-gia",
                "Đánh giá",
                lambda r: f"{r.standing.sign} {r.standing.label}",
                kind="state",
                sign=lambda r: r.standing.value,
            ),
            Column("da-bao", "Đã báo cáo", lambda r: r.heard_text, "number", sortable=False),
            Column("chu-tri", "Chủ trì", lambda r: ", ".join(u.label for u in r.leads)),
        ],
        filters=filters,
        empty="Chưa có chỉ tiêu nào trong phạm vi của đồng chí. Chỉ tiêu xuất hiện ở đây sau khi "
        "kế hoạch được xác nhận.",
    )


def board(units: Sequence[Unit | Card], query: str) -> Listing:
    """The board: a row for each target, a column for each unit, in each cell sign and value."""
    return Listing(
        title="Chỉ tiêu theo đơn vị",
        columns=[
            *_of_target(query, sortable=False, width=60),
            *(_of_unit(unit) for unit in units),
        ],
        per_page=100,
        held=2,
        empty="Chưa có chỉ tiêu nào trong phạm vi của đồng chí.",
    )


def _of_unit(unit: Unit | Card) -> Column:
    def told(row: BoardRow) -> str:
        cell = row.cells.get(unit.pk)
        return f"{cell[0].sign} {cell[1]}" if cell else ""

    def sign(row: BoardRow) -> str:
        cell = row.cells.get(unit.pk)
        return cell[0].value if cell else ""

    return Column(f"dv{unit.pk}", unit.label, told, "state", sign=sign, sortable=False, width=14)


def _of_standing(rows: Sequence[TargetResult], value: str) -> list[TargetResult]:
    return [r for r in rows if r.standing == value]


def _of_lead(rows: Sequence[TargetResult], value: str) -> list[TargetResult]:
    return [r for r in rows if any(u.code == value for u in r.leads)]


def _of_plan(rows: Sequence[TargetResult], value: str) -> list[TargetResult]:
    return [r for r in rows if str(r.target.plan_id) == value]


def measures(used: Collection[str]) -> Listing:
    """The library as a list."""

    def is_kind(rows: Sequence[Measure], value: str) -> list[Measure]:
        return [m for m in rows if m.kind == value]

    return Listing(
        title="Cách đo",
        columns=[
            Column(
                "ten",
                "Cách đo",
                lambda m: m.title,
                link=lambda m: reverse("results:measure", args=[m.slug]),
                width=60,
            ),
            Column("loai", "Loại", lambda m: KINDS[m.kind]),
            Column("dien-giai", "Tính thế nào", explain, sortable=False, width=90),
            Column("dung", "Đang dùng", lambda m: "đang dùng" if m.slug in used else ""),
        ],
        filters=[Filter("loai", "Loại", list(KINDS.items()), is_kind)],
        empty="Thư viện chưa có cách đo nào.",
    )


@dataclass(frozen=True)
class BindingLine:
    """A target beside the measure it has, or may mean."""

    target: Target
    bound: Measure | None
    proposed: Measure | None
    options: list[tuple[Measure, int]]
    is_ticked: bool

    @property
    def shown(self) -> Measure | None:
        return self.bound or self.proposed

    @property
    def bound_is_suggested(self) -> bool:
        return any(m == self.bound for m, _ in self.options)

    @property
    def definition(self) -> str:
        return explain(self.shown) if self.shown else ""

    @property
    def is_lost(self) -> bool:
        """A measure is bound that the library no longer has."""
        return bool(self.target.measure) and self.bound is None


def binding(plan: Plan) -> list[BindingLine]:
    """Each target of a plan with what it is bound to and what its sentence may mean."""
    known, suggested = library().measures, suggestions(plan)
    lines = []
    for target in plan.targets.order_by("position"):
        options = [(m, round(score * 100)) for m, score in suggested[target.pk]]
        likely = bool(options) and suggested[target.pk][0][1] >= LIKELY
        lines.append(
            BindingLine(
                target=target,
                bound=known.get(target.measure),
                proposed=options[0][0] if options else None,
                options=options,
                is_ticked=likely and not target.measure,
            )
        )
    return lines


def chosen(form: Mapping[str, str], plan: Plan) -> dict[int, str]:
    """target id → measure, for the one whose button was pressed, or for all that are ticked."""
    only = form.get("rieng", "")
    ticked = [only] if only else form.getlist("chon")  # type: ignore[attr-defined]
    ids = {pk for text in ticked if (pk := whole(text, 0))}
    return {pk: form[f"m-{pk}"] for pk in sorted(ids) if form.get(f"m-{pk}")}
