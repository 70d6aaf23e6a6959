"""Each document of a file that holds several has a reading of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("plans", "0002_comparison")]
    operations = [
        migrations.AddField("reading", "document_order", models.IntegerField(default=1)),
        migrations.AddConstraint(
            "reading",
            models.UniqueConstraint(
                fields=["document", "document_order"], name="one_reading_a_document_of_a_file"
            ),
        ),
    ]
