"""The database refuses to change a template received or a version of its mapping."""

from django.db import migrations

from namro.web.frame import append_only

TABLES = ("exchange_exchangeform", "exchange_mappingversion")


def lay(apps, schema_editor):
    for table in TABLES:
        append_only.lay(schema_editor.connection, table)


def lift(apps, schema_editor):
    for table in TABLES:
        append_only.lift(schema_editor.connection, table)


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial")]
    operations = [migrations.RunPython(lay, lift)]
