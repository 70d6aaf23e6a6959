"""The database refuses to change or delete a line of the journal."""

from django.db import migrations

from namro.web.frame import append_only

TABLE = "org_journalentry"


def lay(apps, schema_editor):
    append_only.lay(schema_editor.connection, TABLE)


def lift(apps, schema_editor):
    append_only.lift(schema_editor.connection, TABLE)


class Migration(migrations.Migration):
    dependencies = [("org", "0001_initial")]
    operations = [migrations.RunPython(lay, lift)]
