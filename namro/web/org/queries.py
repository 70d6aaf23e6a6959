"""Who someone is, which units they may reach. Every list elsewhere starts from `units_within`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from axes.helpers import get_cool_off, get_failure_limit
from axes.models import AccessAttempt
from django.db.models import Prefetch, Q, QuerySet

from namro.vietnamese import fold, sort_key
from namro.web.frame import clock
from namro.web.frame.prepared import prepared
from namro.web.org.models import (
    JournalEntry,
    Post,
    Unit,
    UnitAncestor,
    UnitLink,
    UnitSuccession,
    User,
)
from namro.web.org.rules import Kind, Tree, Verb, grants, password_is_old, verb_label


class NotAllowed(Exception):
    """The person may not do this here; the message is Vietnamese, for the page."""


def in_force(on: date, prefix: str = "") -> Q:
    """Rows whose from_on ≤ `on` < to_on (to_on open: still in force)."""
    return Q(**{f"{prefix}from_on__lte": on}) & (
        Q(**{f"{prefix}to_on__isnull": True}) | Q(**{f"{prefix}to_on__gt": on})
    )


def posts_of(user: User, on: date) -> list[Post]:
    """The posts a person holds on a day; read once per request (kept on the user object)."""
    kept = getattr(user, "_posts_on", None)
    if kept is None or kept[0] != on:
        kept = user._posts_on = (on, held_by(user.pk, on))
    return kept[1]


@prepared
def held_by(user: int, on: date) -> QuerySet[Post]:
    """The posts a person, by key, holds on a day, each with its unit, reach and holder."""
    return (
        Post.objects.filter(in_force(on), user=user)
        .select_related("user", "unit", "reach")
        .order_by("pk")
    )


def reaches(user: User, verb: Verb, on: date) -> list[Unit]:
    """The units whose subtrees the person may act on with this verb."""
    found = {p.reach_id: p.reach for p in posts_of(user, on) if grants(p.role, verb)}
    return list(found.values())


def units_within(user: User, verb: Verb, on: date) -> QuerySet[Unit]:
    """All units within reach of the person for this verb, in either tree."""
    return units_under([u.pk for u in reaches(user, verb, on)], on)


def units_under(tops: Collection[int], on: date) -> QuerySet[Unit]:
    """Some units, by id, and all that stand below them on a day, in either tree."""
    below = UnitAncestor.objects.filter(in_force(on), ancestor_id__in=tops).values("unit_id")
    return Unit.objects.filter(Q(pk__in=tops) | Q(pk__in=below))


def living_within(user: User, verb: Verb, on: date) -> QuerySet[Unit]:
    """The units within reach that have not ended by a day."""
    units = units_within(user, verb, on)
    return units.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on)).order_by("code")


def may(user: User, verb: Verb, unit: Unit | None = None, *, on: date) -> bool:
    """Whether the person may do this, to this unit where one is given."""
    tops = reaches(user, verb, on)
    if not tops or unit is None:
        return bool(tops)
    if unit.pk in {t.pk for t in tops}:
        return True
    if unit.closed_on and unit.closed_on <= on:
        return _reached_ended(user, verb, unit, tops, on)
    return UnitAncestor.objects.filter(in_force(on), unit=unit, ancestor__in=tops).exists()


def _reached_ended(user: User, verb: Verb, unit: Unit, tops: list[Unit], on: date) -> bool:
    """A unit that has ended is reached by who stood above it then, and by who reaches its heir."""
    assert unit.closed_on is not None
    eve = in_force(unit.closed_on - timedelta(days=1))
    if UnitAncestor.objects.filter(eve, unit=unit, ancestor__in=tops).exists():
        return True
    heirs = unit.successors.exclude(pk=unit.pk)
    return any(may(user, verb, heir, on=on) for heir in heirs)


def allow(user: User, verb: Verb, unit: Unit | None = None, *, on: date) -> None:
    """Raise NotAllowed unless the person may. Every action begins with this."""
    if not may(user, verb, unit, on=on):
        where = f" đối với {unit.name}" if unit else ""
        raise NotAllowed(f"Tài khoản của đồng chí không có quyền thực hiện việc này{where}.")


def allow_person(user: User, whom: User, *, on: date) -> None:
    """Raise NotAllowed unless `user` manages every unit that `whom` works in or may act on.

    Posts in force or to come count; for someone without any, those held before. Nobody manages
    their own account.
    """
    allow(user, Verb.MANAGE_PEOPLE, on=on)
    if user.pk == whom.pk:
        raise NotAllowed("Không tự thay đổi tài khoản của chính mình; hãy nhờ quản trị khác.")
    posts = Post.objects.filter(user=whom).select_related("unit", "reach")
    for post in posts.filter(Q(to_on__isnull=True) | Q(to_on__gt=on)) or posts:
        allow(user, Verb.MANAGE_PEOPLE, post.unit, on=on)
        allow(user, Verb.MANAGE_PEOPLE, post.reach, on=on)


def may_manage(user: User, whom: User, *, on: date) -> bool:
    """Whether `allow_person` would pass."""
    try:
        allow_person(user, whom, on=on)
    except NotAllowed:
        return False
    return True


def password_due(user: User, at: datetime) -> bool:
    """Whether the person must choose a new password before anything else."""
    if user.must_change_password:
        return True
    roles = [p.role for p in posts_of(user, clock.day_of(at))]
    return password_is_old(roles, user.password_set_at, at)


def home_unit(user: User, on: date) -> Unit | None:
    """The unit a person works in: that of the first post."""
    posts = posts_of(user, on)
    return posts[0].unit if posts else None


def viewpoint(user: User, on: date) -> Unit | None:
    """The top of what a person may see figures of: results are shown for this unit first."""
    tops = reaches(user, Verb.SEE_FIGURES, on)
    return min(tops, key=lambda u: (u.kind != "PROVINCE", u.pk)) if tops else None


def subordinates(units: Iterable[Unit], on: date, tree: str | None = None) -> QuerySet[Unit]:
    """All units below the given ones (themselves included) on a day."""
    rows = UnitAncestor.objects.filter(in_force(on), ancestor__in=list(units))
    if tree:
        rows = rows.filter(tree=tree)
    return Unit.objects.filter(pk__in=rows.values("unit_id"))


def colleagues(unit: Unit, verb: Verb, on: date) -> list[User]:
    """The active people of a unit who carry a verb: whom to remind, whom to ask."""
    posts = Post.objects.filter(in_force(on), unit=unit, user__is_active=True).select_related(
        "user"
    )
    return list({p.user_id: p.user for p in posts.order_by("pk") if grants(p.role, verb)}.values())


def sees_all(user: User, verb: Verb, on: date) -> bool:
    """Whether the reach for this verb is a whole province: what has no unit is theirs too."""
    return any(u.kind == Kind.PROVINCE for u in reaches(user, verb, on))


def unit_seen(viewer: User, code: str, on: date) -> Unit | None:
    """The unit with this code if the person may see its people, also one that has ended."""
    unit = Unit.objects.filter(code=code).first()
    return unit if unit and may(viewer, Verb.SEE_PEOPLE, unit, on=on) else None


def superiors(unit: Unit, on: date) -> dict[Tree, list[Unit]]:
    """The line of superiors in each tree on a day, nearest first."""
    found: dict[Tree, list[Unit]] = {}
    for tree in Tree:
        line, at = [], unit.pk
        while link := UnitLink.objects.filter(in_force(on), tree=tree, unit_id=at).first():
            line.append(link.superior)
            at = link.superior_id
        if line:
            found[tree] = line
    return found


def direct_subordinates(unit: Unit, on: date) -> dict[Tree, list[Unit]]:
    """The units directly below in each tree on a day."""
    links = UnitLink.objects.filter(in_force(on), superior=unit).select_related("unit")
    found = {tree: [k.unit for k in links if k.tree == tree] for tree in Tree}
    return {tree: units for tree, units in found.items() if units}


def links_of(unit: Unit) -> QuerySet[UnitLink]:
    """All the unit ever belonged to, newest first."""
    links = UnitLink.objects.filter(unit=unit).select_related("superior")
    return links.order_by("-from_on", "tree")


def unit_rows(viewer: User, on: date) -> QuerySet[Unit]:
    """Units whose people the person may see, with `.held` links and `.posts_held` on the day."""
    links = UnitLink.objects.filter(in_force(on)).select_related("superior")
    posts = Post.objects.filter(in_force(on), user__is_active=True)
    return units_within(viewer, Verb.SEE_PEOPLE, on).prefetch_related(
        Prefetch("superior_links", links, to_attr="held"),
        Prefetch("posts", posts, to_attr="posts_held"),
    )


def posts_in(unit: Unit, on: date) -> QuerySet[Post]:
    """Who holds a post in the unit on a day."""
    posts = Post.objects.filter(in_force(on), unit=unit).select_related("user", "reach", "unit")
    return posts.order_by("role", "pk")


def people_within(viewer: User, on: date) -> QuerySet[User]:
    """People who hold, held or will hold a post in a unit within reach; with `.posts_held`.

    Someone without any post at all is shown to whoever reaches the whole province.
    """
    units = units_within(viewer, Verb.SEE_PEOPLE, on)
    shown = Q(pk__in=Post.objects.filter(unit__in=units).values("user_id"))
    if sees_all(viewer, Verb.SEE_PEOPLE, on):
        shown |= Q(posts__isnull=True)
    posts = Post.objects.filter(in_force(on)).select_related("unit", "reach").order_by("pk")
    held = Prefetch("posts", posts, to_attr="posts_held")
    return User.objects.filter(shown).distinct().prefetch_related(held)


def person_seen(viewer: User, pk: int, on: date) -> User | None:
    """The person if the viewer may see them; None otherwise."""
    return people_within(viewer, on).filter(pk=pk).first()


def all_posts(user: User) -> QuerySet[Post]:
    """Every post a person ever held, newest first."""
    return Post.objects.filter(user=user).select_related("unit", "reach").order_by("-from_on", "pk")


def post_seen(viewer: User, pk: int, on: date) -> Post | None:
    """A post in a unit whose people the viewer may see; None otherwise."""
    posts = Post.objects.select_related("unit", "reach", "user")
    return posts.filter(pk=pk, unit__in=units_within(viewer, Verb.SEE_PEOPLE, on)).first()


def journal_within(viewer: User, on: date) -> QuerySet[JournalEntry]:
    """The journal's lines of units within reach; those of no unit for who reaches the province."""
    units = units_within(viewer, Verb.SEE_JOURNAL, on)
    shown = Q(unit_code__in=units.values("code"))
    if sees_all(viewer, Verb.SEE_JOURNAL, on):
        shown = Q()
    return JournalEntry.objects.filter(shown).order_by("-pk")


def journal_length() -> int:
    """How many lines there are, seen or not: the chain is one."""
    return JournalEntry.objects.count()


def journal_between(
    entries: QuerySet[JournalEntry], since: date | None, until: date | None
) -> QuerySet[JournalEntry]:
    """The lines of the days from `since` to `until`, both included, in Vietnam."""
    if since:
        entries = entries.filter(at__gte=clock.start_of(since))
    if until:
        entries = entries.filter(at__lt=clock.start_of(until + timedelta(days=1)))
    return entries


def journal_search(
    entries: QuerySet[JournalEntry], wanted: str, names: dict[str, str]
) -> list[JournalEntry]:
    """The lines whose words hold every word wanted (folded); `names`: units by their codes."""
    words, found = wanted.split(), []
    for e in entries.iterator(chunk_size=2000):
        said = fold(f"{e.summary} {e.by_name} {names.get(e.unit_code, e.unit_code)} {e.address}")
        if all(w in said for w in words):
            found.append(e)
    return found


def unit_labels() -> dict[str, str]:
    """What each unit's code stands for."""
    return {u.code: u.label for u in Unit.objects.only("code", "name", "short_name")}


def journal_choices(
    entries: QuerySet[JournalEntry],
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(verbs with their labels, people with their names) that occur, for the filters.

    Verbs of one label are one choice, its value all of them joined by commas.
    """
    entries = entries.order_by()
    by_label: dict[str, list[str]] = {}
    for verb in sorted(entries.values_list("verb", flat=True).distinct()):
        by_label.setdefault(verb_label(verb), []).append(verb)
    verbs = [(",".join(alike), label) for label, alike in by_label.items()]
    named = entries.filter(by_id__isnull=False).values_list("by_id", "by_name").distinct()
    people = {str(pk): name for pk, name in named}
    return sorted(verbs, key=lambda v: sort_key(v[1])), sorted(
        people.items(), key=lambda p: sort_key(p[1])
    )


def locked_names(at: datetime) -> set[str]:
    """The user names now locked after too many wrong passwords."""
    cool_off = get_cool_off()
    attempts = AccessAttempt.objects.filter(failures_since_start__gte=get_failure_limit(None, None))
    if cool_off is not None:
        attempts = attempts.filter(attempt_time__gt=at - cool_off)
    return set(attempts.values_list("username", flat=True))


def successions() -> list[tuple[int, int | None, date]]:
    """Every (unit, heir or None, day): who gave way to whom, in the order of days."""
    rows = UnitSuccession.objects.order_by("on", "pk")
    return list(rows.values_list("unit_id", "heir_id", "on"))


def history_of(unit: Unit) -> list[tuple[date, str]]:
    """What happened to a unit (quá trình sắp xếp), newest first, as sentences."""
    found = [(f.until_on, f"Đổi tên; trước đó là “{f.name}”.") for f in unit.former_names.all()]
    gone: dict[date, list[str]] = {}
    for row in unit.successions.select_related("heir").order_by("pk"):
        gone.setdefault(row.on, []).append(row.heir.name if row.heir else "")
    for on, heirs in gone.items():
        named = ", ".join(h for h in heirs if h)
        word = "Nhập vào" if len(heirs) == 1 else "Chia thành"
        found.append((on, f"{word} {named}." if named else "Kết thúc, không có đơn vị kế thừa."))
    came: dict[date, list[str]] = {}
    for row in unit.inheritances.exclude(unit=unit).select_related("unit").order_by("pk"):
        came.setdefault(row.on, []).append(row.unit.name)
    found += [(on, f"Kế thừa {', '.join(names)}.") for on, names in came.items()]
    return sorted(found, key=lambda f: f[0], reverse=True)


def unit_with(code: str) -> Unit | None:
    """The unit with this code, whoever asks: for commands and jobs, which have no viewer."""
    return Unit.objects.filter(code=code).first()
