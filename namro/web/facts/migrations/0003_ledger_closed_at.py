"""The moment as of which the last paper was issued: nothing is recorded before it any more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("facts", "0002_append_only")]
    operations = [
        migrations.AddField("ledger", "closed_at", models.DateTimeField(null=True)),
    ]
