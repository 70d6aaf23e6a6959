"""To whom a step goes: read once for all units, then answered from memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from namro.web.org.models import Post, UnitAncestor, UnitLink, User
from namro.web.org.queries import in_force
from namro.web.org.rules import Role, Tree
from namro.web.oversight.queries import OpenThing
from namro.web.oversight.rules import Audience, Step

_HEADS = (Role.LEADER, Role.REVIEWER)
_SUPERIORS = (Role.LEADER, Role.COORDINATOR)


class Recipients:
    """Who is to be written to on a day, by unit and step. Four queries, however many things."""

    def __init__(self, on: date):
        posts = Post.objects.filter(in_force(on), user__is_active=True).select_related("user")
        self._posts: dict[int, list[Post]] = defaultdict(list)
        self._reaching: dict[int, list[Post]] = defaultdict(list)
        for post in posts.order_by("pk"):
            self._posts[post.unit_id].append(post)
            self._reaching[post.reach_id].append(post)
        self._superior: dict[tuple[str, int], int] = {
            (link.tree, link.unit_id): link.superior_id
            for link in UnitLink.objects.filter(in_force(on)).order_by("from_on")
        }
        self._above: dict[int, set[int]] = defaultdict(set)
        for row in UnitAncestor.objects.filter(in_force(on), ancestor__in=list(self._reaching)):
            self._above[row.unit_id].add(row.ancestor_id)
        self._active = {p.user_id for posts in self._posts.values() for p in posts}

    def of(self, thing: OpenThing, step: Step) -> list[User]:
        """The people a step of this thing addresses; empty where the unit has nobody."""
        if step.audience is Audience.HEAD:
            return _users(p for p in self._posts[thing.unit_id] if p.role in _HEADS)
        if step.audience is Audience.SUPERIOR:
            return self._superiors(thing)
        return self._responsible(thing)

    def _responsible(self, thing: OpenThing) -> list[User]:
        """Who answers for it (assigned, or reports for the unit), else whoever leads there."""
        people = [u for u in thing.people if u.pk in self._active]
        posts = self._posts[thing.unit_id]
        reporters = _users(p for p in posts if p.role == Role.REPORTER)
        first = [u for u in people if u in reporters] or people or reporters
        return first or _users(p for p in posts if p.role in _SUPERIORS)

    def _superiors(self, thing: OpenThing) -> list[User]:
        """Leaders and co-ordinators of the nearest superior unit that has any, in the plan's tree.

        Where the tree has none, those of another unit whose reach covers this one.
        """
        for tree in (thing.tree, *(t.value for t in Tree if t.value != thing.tree)):
            at, seen = thing.unit_id, {thing.unit_id}
            while (at := self._superior.get((tree, at), 0)) and at not in seen:
                seen.add(at)
                if found := _users(p for p in self._posts[at] if p.role in _SUPERIORS):
                    return found
        above = sorted(self._above[thing.unit_id] - {thing.unit_id})
        reaching = (p for a in above for p in self._reaching[a] if p.unit_id != thing.unit_id)
        return _users(p for p in reaching if p.role in _SUPERIORS)


def _users(posts: Iterable[Post]) -> list[User]:
    return list({p.user_id: p.user for p in posts}.values())
