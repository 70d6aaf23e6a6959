"""The database refuses to change or delete an act of a reviewer."""

from django.db import migrations

from namro.web.frame import append_only

TABLE = "plans_reviewchange"


def lay(apps, schema_editor):
    append_only.lay(schema_editor.connection, TABLE)


def lift(apps, schema_editor):
    append_only.lift(schema_editor.connection, TABLE)


class Migration(migrations.Migration):
    dependencies = [("plans", "0003_document_order")]
    operations = [migrations.RunPython(lay, lift)]
