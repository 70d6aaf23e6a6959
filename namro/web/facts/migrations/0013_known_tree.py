"""The tree that figures are kept under. Where they are up to date, it is the tree of now."""

import django.db.models.deletion
from django.db import migrations, models


def take_over(apps, schema_editor):
    ledger = apps.get_model("facts", "Ledger").objects.first()
    last = apps.get_model("org", "UnitAncestor").objects.order_by("-pk").first()
    is_touched = apps.get_model("facts", "Touched").objects.filter(what="TREE").exists()
    tree = ledger.built_from.get("tree") if ledger else None
    if last is None or is_touched or tree != last.pk:
        return  # it is not known under which tree they were computed: they will be anew
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO facts_knownancestor (unit_id, ancestor_id, from_on, to_on) "
            "SELECT DISTINCT unit_id, ancestor_id, from_on, to_on FROM org_unitancestor"
        )
        cursor.execute(
            'INSERT INTO facts_knownsuccession (unit_id, heir_id, "on") '
            'SELECT DISTINCT unit_id, heir_id, "on" FROM org_unitsuccession'
        )
    ledger.built_from["lines"] = True
    ledger.save()


def leave(apps, schema_editor):
    """Nothing is lost: the copies are made again."""


class Migration(migrations.Migration):
    dependencies = [
        ("facts", "0012_forms_by_index"),
        ("org", "0003_reorganised"),
    ]

    operations = [
        migrations.CreateModel(
            name="KnownSuccession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField()),
                (
                    "heir",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="org.unit",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="org.unit",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="KnownAncestor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_on", models.DateField()),
                ("to_on", models.DateField(null=True)),
                (
                    "ancestor",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="org.unit",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="org.unit",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["unit", "ancestor", "from_on", "to_on"], name="known_ancestor"
                    )
                ],
            },
        ),
        migrations.RunPython(take_over, leave, elidable=True),
    ]
