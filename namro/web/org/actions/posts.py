"""Posts follow the units they are in (vị trí theo đơn vị): ended, and begun anew where one can."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from namro.web.org.models import Post, Unit


def _touching(units: Iterable[Unit], on: date) -> QuerySet[Post]:
    """Posts in these units or acting on them, in force on the day or later."""
    asked = list(units)
    posts = Post.objects.filter(Q(unit__in=asked) | Q(reach__in=asked))
    posts = posts.filter(Q(to_on__isnull=True) | Q(to_on__gt=on))
    return posts.select_related("user", "unit", "reach").order_by("pk")


def follow_posts(units: list[Unit], heir: Unit, on: date) -> list[str]:
    """From the day on, whoever worked in the units works in their heir; likewise who acts on them.

    Gives a line a person.
    """
    gone = {u.pk for u in units}
    lines = []
    for post in _touching(units, on):
        unit = heir if post.unit_id in gone else post.unit
        reach = heir if post.reach_id in gone else post.reach
        asked = {"user": post.user, "unit": unit, "reach": reach, "role": post.role}
        if post.from_on >= on:
            post.unit, post.reach = unit, reach
            post.save(update_fields=["unit", "reach"])
        else:
            until = post.to_on
            post.to_on = on
            post.save(update_fields=["to_on"])
            held = Post.objects.filter(**asked, from_on__lte=on)
            if not held.filter(Q(to_on__isnull=True) | Q(to_on__gt=on)).exists():
                Post.objects.create(**asked, title=post.title, from_on=on, to_on=until)
        lines.append(f"{post.user.full_name} ({post.get_role_display()}): về {unit.name}.")
    return lines


def end_posts(units: list[Unit], on: date) -> list[str]:
    """From the day on nobody works in the units nor acts on them; a line a person to be placed."""
    lines = []
    for post in _touching(units, on):
        post.to_on = max(on, post.from_on)
        post.save(update_fields=["to_on"])
        lines.append(
            f"{post.user.full_name} ({post.get_role_display()}) thôi vị trí tại {post.unit.name}; "
            "cần giao vị trí mới."
        )
    return lines
