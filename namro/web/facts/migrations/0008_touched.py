"""Triggers note what figures rest on; what changed before they were laid is looked at once."""

from django.db import migrations, models

from namro.web.facts import watching


def lay(apps, schema_editor):
    if apps.get_model("facts", "Ledger").objects.exists():
        apps.get_model("facts", "Touched").objects.create(what="DEBTS", by_transaction="")
    watching.lay(schema_editor.connection)


def lift(apps, schema_editor):
    watching.lift(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ("facts", "0007_fewer_indices"),
        ("org", "0003_reorganised"),
        ("plans", "0004_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="Touched",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("what", models.CharField(max_length=8)),
                ("by_transaction", models.CharField(max_length=60)),
            ],
        ),
        migrations.RunPython(lay, lift),
    ]
