"""Units are named anew, created, moved, merged, split, closed (sắp xếp đơn vị), from a day on.

Nothing of the past is changed: links get an end, units stay with their codes, posts end and begin.
What is recorded is undone only by another reorganisation. Each action gives what it did, as
Vietnamese lines; `preview` does the same and takes it all back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from namro.vietnamese import format_date, tidy
from namro.web.frame import clock
from namro.web.org.actions.ancestors import rebuild_ancestors
from namro.web.org.actions.posts import end_posts, follow_posts
from namro.web.org.journal import record
from namro.web.org.models import FormerLink, FormerName, Unit, UnitLink, UnitSuccession, User
from namro.web.org.queries import allow
from namro.web.org.rules import KIND_LABELS, TREE_LABELS, Kind, Tree, Verb


class BadReorganisation(ValueError):
    """What is asked cannot be; nothing was saved. The message is Vietnamese and says the mend."""


@dataclass(frozen=True)
class NewUnit:
    """A unit that begins: `superiors` by tree; where none is told, those of who gave way to it."""

    code: str
    name: str
    kind: str
    short_name: str = ""
    superiors: Mapping[Tree, Unit] | None = None


@dataclass(frozen=True)
class Order:
    """Who orders a reorganisation, from which day, on what basis (số, ký hiệu văn bản)."""

    on: date
    at: datetime
    by: User | None
    basis: str = ""


def preview(action: Callable[..., list[str]], **asked: object) -> list[str]:
    """What an action would do, as it says; nothing is kept."""
    with transaction.atomic():
        told = action(**asked)
        transaction.set_rollback(True)
    return told


@transaction.atomic
def rename_unit(
    *, unit: Unit, order: Order, name: str, short_name: str = "", kind: str = ""
) -> list[str]:
    """Another name (or kind) from a day on; the old one stays known (đổi tên)."""
    unit = _checked([unit], order)[0]
    name, before = tidy(name), unit.name
    if not name or (name, tidy(short_name), kind or unit.kind) == (
        unit.name, unit.short_name, unit.kind,
    ):  # fmt: skip
        raise BadReorganisation("Hãy ghi tên mới hoặc loại mới, khác tên và loại đang dùng.")
    FormerName.objects.create(
        unit=unit, name=unit.name, short_name=unit.short_name, kind=unit.kind,
        until_on=order.on, recorded_at=order.at,
    )  # fmt: skip
    unit.aliases = list(dict.fromkeys([*unit.aliases, before]))
    unit.name, unit.short_name, unit.kind = name, tidy(short_name), kind or unit.kind
    unit.save(update_fields=["name", "short_name", "kind", "aliases"])
    return _done(order, "org.rename_unit", unit, [f"Đổi tên “{before}” thành “{name}”."])


@transaction.atomic
def create_unit(*, new: NewUnit, order: Order) -> list[str]:
    """A unit that begins on a day (thành lập)."""
    unit = _create(new, order, {})
    rebuild_ancestors([unit.pk])
    return _done(order, "org.create_unit", unit, [f"Thành lập {unit.name} (mã {unit.code})."])


@transaction.atomic
def move_unit(*, unit: Unit, tree: Tree, superior: Unit, order: Order) -> list[str]:
    """The unit, with all below it, stands elsewhere in one tree (chuyển trực thuộc)."""
    unit, superior = _checked([unit, superior], order)
    link = _link(unit, tree, order.on)
    if link and link.superior_id == superior.pk:
        raise BadReorganisation(f"{unit.name} đang trực thuộc {superior.name}; hãy chọn nơi khác.")
    if link:
        _end_link(link, order)
    _begin_link(unit, tree, superior, order)
    rebuild_ancestors([unit.pk])
    was = f" từ {link.superior.name}" if link else ""
    line = f"Chuyển {unit.name}{was} về {superior.name} (hệ {TREE_LABELS[tree]})."
    return _done(order, "org.move_unit", unit, [line])


@transaction.atomic
def merge_units(*, units: Iterable[Unit], into: Unit | NewUnit, order: Order) -> list[str]:
    """Several units give way to a new one, or to one that goes on (sáp nhập, hợp nhất).

    Its past is the sum of theirs; who works there, or acts on them, does so for it from that day.
    """
    asked = list(units)
    old = _checked([*asked, *([into] if isinstance(into, Unit) else [])], order)[: len(asked)]
    if len(old) < (1 if isinstance(into, Unit) else 2):
        raise BadReorganisation("Hợp nhất cần ít nhất hai đơn vị; đổi tên thì dùng “Đổi tên”.")
    if isinstance(into, Unit) and into.pk in {u.pk for u in old}:
        raise BadReorganisation(f"{into.name} không thể nhập vào chính nó; hãy bỏ chọn đơn vị này.")
    _refuse_strangers([*old, *([into] if isinstance(into, Unit) else [])], order.on)
    heir = into if isinstance(into, Unit) else _create(into, order, _superiors(old, order.on))
    lines = [f"{', '.join(u.name for u in old)} nhập vào {heir.name} (mã {heir.code})."]
    for unit in old:
        lines += _take_over_subordinates(unit, heir, order)
        _close(unit, [heir], order)
    rebuild_ancestors([u.pk for u in (*old, heir)])
    lines += follow_posts(old, heir, order.on)
    return _done(order, "org.merge_units", heir, lines, units=[u.code for u in old])


@transaction.atomic
def split_unit(*, unit: Unit, heirs: Iterable[NewUnit], goes_on: bool, order: Order) -> list[str]:
    """A unit is split in new ones, and perhaps goes on smaller itself (chia, tách).

    What it told before cannot be divided: it stays with those above all its heirs.
    """
    unit = _checked([unit], order)[0]
    asked = list(heirs)
    if len(asked) + goes_on < 2:
        raise BadReorganisation("Chia tách phải còn lại ít nhất hai đơn vị.")
    if not goes_on:
        _refuse_subordinates(unit, order.on)
    made = [_create(new, order, _superiors([unit], order.on)) for new in asked]
    lines = [f"{unit.name} chia thành {', '.join(u.name for u in made)}."]
    if goes_on:
        lines = [f"Tách {', '.join(u.name for u in made)} từ {unit.name}; {unit.name} vẫn còn."]
    lines.append(
        "Số liệu cũ không chia được cho từng đơn vị: giữ ở các cấp trên chung của các đơn vị mới."
    )
    _record_heirs(unit, [*made, *([unit] if goes_on else [])], order)
    if not goes_on:
        _end(unit, order)
        lines += end_posts([unit], order.on)
    rebuild_ancestors([u.pk for u in (unit, *made)])
    return _done(order, "org.split_unit", unit, lines, heirs=[u.code for u in made])


@transaction.atomic
def close_unit(*, unit: Unit, order: Order) -> list[str]:
    """A unit ends and nobody takes its place (giải thể)."""
    unit = _checked([unit], order)[0]
    _refuse_subordinates(unit, order.on)
    _close(unit, [], order)
    rebuild_ancestors([unit.pk])
    lines = [f"{unit.name} kết thúc hoạt động, không có đơn vị kế thừa."]
    return _done(order, "org.close_unit", unit, lines + end_posts([unit], order.on))


def _checked(units: Iterable[Unit], order: Order) -> list[Unit]:
    """The units, locked and fit to be reorganised on the day; raises otherwise."""
    asked = list(units)
    found = Unit.objects.select_for_update(no_key=True).in_bulk(sorted({u.pk for u in asked}))
    for unit in found.values():
        if order.by:
            allow(order.by, Verb.MANAGE_PEOPLE, unit, on=clock.day_of(order.at))
        if unit.closed_on and unit.closed_on <= order.on:
            day = format_date(unit.closed_on)
            raise BadReorganisation(f"{unit.name} đã kết thúc ngày {day}; hãy chọn ngày trước đó.")
        if unit.opened_on and order.on < unit.opened_on:
            day = format_date(unit.opened_on)
            raise BadReorganisation(f"{unit.name} lập ngày {day}; hãy chọn ngày sau đó.")
        _refuse_earlier(unit, order)
    return [found[u.pk] for u in asked]


def _refuse_earlier(unit: Unit, order: Order) -> None:
    later = UnitSuccession.objects.filter(Q(unit=unit) | Q(heir=unit), on__gt=order.on).first()
    if later or UnitSuccession.objects.filter(unit=unit, on=order.on).exists():
        day = format_date(later.on if later else order.on)
        raise BadReorganisation(
            f"{unit.name} đã có sắp xếp từ ngày {day}; chỉ ghi thêm được từ sau ngày ấy."
        )


def _refuse_strangers(units: list[Unit], on: date) -> None:
    """A people's committee does not become a Party committee: all stand in one tree at least."""
    trees = [{tree for tree in Tree if _link(unit, tree, on)} for unit in units]
    if not set.intersection(*trees):
        raise BadReorganisation(
            f"{', '.join(u.name for u in units)} không cùng một hệ (Đảng, chính quyền); chỉ nhập "
            "các đơn vị cùng hệ với nhau."
        )


def _create(new: NewUnit, order: Order, superiors: Mapping[Tree, Unit]) -> Unit:
    code, name = tidy(new.code), tidy(new.name)
    if not code or not name:
        raise BadReorganisation("Đơn vị mới phải có mã và tên.")
    if len(code) > 24 or len(name) > 200 or len(tidy(new.short_name)) > 80:
        raise BadReorganisation("Mã không quá 24, tên không quá 200, tên gọn không quá 80 ký tự.")
    if new.kind not in set(Kind):
        raise BadReorganisation(f"Hãy chọn loại đơn vị: {'; '.join(KIND_LABELS.values())}.")
    if Unit.objects.filter(code=code).exists():
        raise BadReorganisation(f"Mã “{code}” đã dùng cho đơn vị khác; hãy ghi mã mới.")
    above = new.superiors or superiors
    if not above:
        raise BadReorganisation("Hãy chọn cấp trên của đơn vị mới.")
    unit = Unit.objects.create(
        code=code, name=name, short_name=tidy(new.short_name), kind=new.kind, opened_on=order.on
    )
    for tree, superior in above.items():
        _checked([superior], order)
        _begin_link(unit, tree, superior, order)
    return unit


def _superiors(units: list[Unit], on: date) -> dict[Tree, Unit]:
    """Where a new unit stands: where those that gave way to it stood, the first of them first."""
    found: dict[Tree, Unit] = {}
    for unit in units:
        for tree in Tree:
            link = _link(unit, tree, on)
            if link and link.superior_id not in {u.pk for u in units}:
                found.setdefault(tree, link.superior)
    return found


def _link(unit: Unit, tree: Tree, on: date) -> UnitLink | None:
    links = UnitLink.objects.filter(unit=unit, tree=tree).select_related("superior")
    return links.filter(Q(to_on__isnull=True) | Q(to_on__gt=on)).order_by("from_on").first()


def _end_link(link: UnitLink, order: Order) -> None:
    """Give a link its end; what was known of it before is kept."""
    if link.from_on >= order.on:
        day = format_date(link.from_on)
        raise BadReorganisation(
            f"{link.unit.name} trực thuộc {link.superior.name} từ ngày {day}; "
            "ngày có hiệu lực phải sau ngày ấy."
        )
    FormerLink.objects.create(
        tree=link.tree, unit=link.unit, superior=link.superior, from_on=link.from_on,
        to_on=link.to_on, recorded_at=link.recorded_at, forgotten_at=order.at,
    )  # fmt: skip
    link.to_on, link.recorded_at = order.on, order.at
    link.save(update_fields=["to_on", "recorded_at"])


def _begin_link(unit: Unit, tree: Tree, superior: Unit, order: Order) -> None:
    UnitLink.objects.create(
        tree=tree, unit=unit, superior=superior, from_on=order.on, recorded_at=order.at
    )


def _links_beneath(unit: Unit, on: date) -> list[UnitLink]:
    links = UnitLink.objects.filter(superior=unit).select_related("unit", "superior")
    return list(links.filter(Q(to_on__isnull=True) | Q(to_on__gt=on)).order_by("pk"))


def _refuse_subordinates(unit: Unit, on: date) -> None:
    below = [link.unit.name for link in _links_beneath(unit, on)]
    if below:
        raise BadReorganisation(
            f"{unit.name} còn cấp dưới: {', '.join(below[:5])}"
            f"{'…' if len(below) > 5 else ''}. Hãy chuyển các đơn vị ấy đi trước."
        )


def _take_over_subordinates(unit: Unit, heir: Unit, order: Order) -> list[str]:
    lines = []
    for link in _links_beneath(unit, order.on):
        if link.unit_id == heir.pk:
            continue
        _end_link(link, order)
        _begin_link(link.unit, Tree(link.tree), heir, order)
        lines.append(f"{link.unit.name} chuyển về trực thuộc {heir.name}.")
    return lines


def _close(unit: Unit, heirs: list[Unit], order: Order) -> None:
    _record_heirs(unit, heirs, order)
    _end(unit, order)


def _record_heirs(unit: Unit, heirs: list[Unit], order: Order) -> None:
    named: list[Unit | None] = [*heirs]
    UnitSuccession.objects.bulk_create(
        UnitSuccession(
            unit=unit, heir=heir, on=order.on, recorded_at=order.at, basis=tidy(order.basis)[:200]
        )
        for heir in named or [None]
    )
    unit.successors.add(*[h for h in heirs if h.pk != unit.pk])


def _end(unit: Unit, order: Order) -> None:
    for tree in Tree:
        if link := _link(unit, tree, order.on):
            _end_link(link, order)
    unit.closed_on = order.on
    unit.save(update_fields=["closed_on"])


def _done(order: Order, verb: str, unit: Unit, lines: list[str], **details: object) -> list[str]:
    basis = f" ({tidy(order.basis)})" if order.basis else ""
    record(
        order.by, verb, unit, at=order.at, unit_code=unit.code,
        summary=f"Từ {format_date(order.on)}{basis}: {lines[0]}",
        on=order.on, lines=lines, **details,
    )  # fmt: skip
    return lines
