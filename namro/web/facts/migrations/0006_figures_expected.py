"""Each figure says how many units owe it; figures kept before are computed anew at the next look."""

from django.db import migrations, models


def forget_the_tree(apps, schema_editor):
    """What the figures were built from is no longer the present: they are rebuilt where there are any."""
    Ledger = apps.get_model("facts", "Ledger")
    for ledger in Ledger.objects.all():
        ledger.built_from = {k: v for k, v in ledger.built_from.items() if k != "tree"}
        ledger.save(update_fields=["built_from"])


class Migration(migrations.Migration):

    dependencies = [("facts", "0005_doubts")]

    operations = [
        migrations.AddField("figure", "expected", models.IntegerField(default=0)),
        migrations.AddField("figure", "own_expected", models.SmallIntegerField(default=0)),
        migrations.RunPython(forget_the_tree, migrations.RunPython.noop),
    ]
