"""A reading of the seed plan, ready for review."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from django.urls import reverse

from namro.web.plans import actions
from namro.web.plans.models import Reading
from namro.web.plans.views import shown

AT = datetime(2025, 6, 20, 3, 0, tzinfo=UTC)
ON = date(2025, 6, 20)
ROOT = Path(__file__).resolve().parents[3]
HTMX = {"HX-Request": "true"}
SEED = ROOT / "demo" / "plan.txt"


def read_seed(world, by: str = "dieuphoi", unit: str = "12-VP") -> Reading:
    """Received and read, nothing reviewed."""
    reading = actions.receive_document(
        by=world.people[by],
        at=AT,
        unit=world.units[unit],
        file_name="plan.txt",
        chunks=[SEED.read_bytes()],
    )
    found = actions.run_reading(reading.pk, AT)
    assert found.state == "READ", found.failure
    return found


def confirm(world, reading: Reading, by: str = "dieuphoi", **changes):
    """Confirmed with the sample's own term, unless told otherwise."""
    asked = {
        "issuer": world.units["12-DU"],
        "root": world.units["12"],
        "started_on": date(2025, 6, 1),
        "deadline_on": date(2025, 12, 31),
        "version": reading.version,
        **changes,
    }
    return actions.confirm_plan(reading=reading, by=world.people[by], at=AT, **asked)


def page(answer) -> str:
    return answer.content.decode()


def lit(answer) -> str:
    """The words lit on the page."""
    return "".join(part.split("</mark>")[0] for part in page(answer).split("<mark>")[1:])


def change(client, reading, **post):
    """Post a change as the page's form does, the item as it is now."""
    row = reading.items.filter(key=post.get("item", "")).first()
    headers = post.pop("headers", None)
    return client.post(
        reverse("plans:change", args=[reading.pk]),
        {"version": row.version if row else "", **post},
        headers=headers,
    )


def form_of(reading, key, **typed):
    """All fields of an item's form, as the page fills them."""
    item = reading.items.get(key=key).item
    fields = {k: v for k, v in shown.fields_of(item).items() if k != "soft"}
    if item.get("soft"):
        fields["soft"] = "1"
    units = {f"{p}_units": item[f"{p}_units"] for p in ("lead", "cooperate")}
    return {"item": key, "do": "edit", **fields, **units, **typed}
