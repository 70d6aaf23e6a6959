"""The database refuses to change or delete an issued paper."""

from django.db import migrations

from namro.web.frame import append_only

TABLE = "papers_issuedreport"


def lay(apps, schema_editor):
    append_only.lay(schema_editor.connection, TABLE)


def lift(apps, schema_editor):
    append_only.lift(schema_editor.connection, TABLE)


class Migration(migrations.Migration):
    dependencies = [("papers", "0001_initial")]
    operations = [migrations.RunPython(lay, lift)]
