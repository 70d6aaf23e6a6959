"""What the newest version of each return holds becomes the first entry of its cells."""

from django.db import migrations


def _entries(model, submission):
    asked = {
        "duty_id": submission.duty_id, "submission_id": submission.pk, "origin": "WEB",
        "by_id": submission.saved_by_id, "at": submission.saved_at,
        "typed_at": submission.saved_at,
    }  # fmt: skip
    for element, entry in submission.values.items():
        value = {k: entry[k] for k in ("value", "typed", "cell") if entry.get(k)}
        if value.get("value") is not None or value.get("typed"):
            yield model(element=element, part="value", content=value, **asked)
        if entry.get("note"):
            yield model(element=element, part="note", content={"note": entry["note"]}, **asked)
    if submission.note:
        yield model(element="", part="note", content={"note": submission.note}, **asked)


def begin(apps, schema_editor):
    Submission = apps.get_model("reporting", "Submission")
    CellEntry = apps.get_model("reporting", "CellEntry")
    last = {}
    for pk, duty in Submission.objects.order_by("version").values_list("pk", "duty_id"):
        last[duty] = pk
    for submission in Submission.objects.filter(pk__in=last.values()).iterator(200):
        made = [entry for entry in _entries(CellEntry, submission)]
        for entry in made:
            entry.save(force_insert=True)
        lock = made[-1].pk if made else 0
        Submission.objects.filter(pk=submission.pk).update(lock=lock)


def end(apps, schema_editor):
    """The values stand in the returns themselves: nothing to bring back."""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0004_cell_entries")]
    operations = [migrations.RunPython(begin, end)]
