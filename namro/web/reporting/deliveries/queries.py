"""Reads of deliveries: their sender's alone, for a form quotes what a unit is still filling in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from django.db.models import Count, QuerySet

from namro.web.org.models import User
from namro.web.reporting.deliveries.models import DeliveredForm, Delivery
from namro.web.reporting.models import Submission
from namro.web.reporting.records import fault_copies


def deliveries_for(viewer: User) -> QuerySet[Delivery]:
    """What a person sent, newest first."""
    return Delivery.objects.filter(sent_by=viewer).order_by("-pk")


def forms_of(delivery: Delivery) -> QuerySet[DeliveredForm]:
    """Every form of a delivery in the order of its files."""
    words = ("duty__round", "duty__unit", "duty__receiver")
    return delivery.forms.select_related(*words).order_by("pk")


def entered_for(submission: Submission | None) -> list[DeliveredForm]:
    """What was brought into a version on the unit's behalf, oldest first."""
    if submission is None:
        return []
    rows = submission.delivered.filter(on_behalf=True).select_related("delivery__sent_by")
    return list(rows.order_by("pk"))


def outcomes_of(delivery: Delivery) -> Counter[str]:
    """How many forms came to what."""
    rows = delivery.forms.values_list("outcome").annotate(n=Count("pk")).order_by()
    return Counter(dict(rows))


def copy_of(form: DeliveredForm) -> Path | None:
    """The copy of a refused file with its faults marked, while it is kept."""
    path = fault_copies.path_of_delivered(form.delivery_id, form.file)
    return path if form.has_copy and path.is_file() else None


def copies_of(delivery: Delivery) -> Iterator[tuple[str, Path]]:
    """(name, copy) of each refused file of a delivery, while they are kept; no name twice."""
    taken: set[str] = set()
    for form in delivery.forms.filter(has_copy=True).order_by("file", "pk"):
        path = copy_of(form)
        name = copy_name(form)
        if path and name.casefold() not in taken:
            taken.add(name.casefold())
            yield name, path


def copy_name(form: DeliveredForm) -> str:
    """What the copy is called: as the file was, and that it tells its faults."""
    stem = PurePosixPath(form.file_name.replace("›", "/").replace(" / ", "/")).with_suffix("")
    bare = "/".join(part.strip() for part in stem.parts if part.strip(". /"))
    return f"{bare or 'bieu'} - co ghi loi ({form.file}).xlsx"
