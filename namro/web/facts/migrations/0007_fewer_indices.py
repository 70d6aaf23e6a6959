"""Indices that other indices held already go; those that stay begin with what pages ask first."""

import django.db.models.deletion
from django.db import migrations, models

from namro.web.facts import triggers


def lay(apps, schema_editor):
    """SQLite makes the table anew, and its triggers go with the old one."""
    triggers.lay(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('facts', '0006_figures_expected'),
        ('org', '0003_reorganised'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='figure',
            name='one_figure',
        ),
        migrations.RemoveIndex(
            model_name='observation',
            name='facts_obser_element_1d6189_idx',
        ),
        migrations.AlterField(
            model_name='figure',
            name='unit',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='figures', to='org.unit'),
        ),
        migrations.AlterField(
            model_name='observation',
            name='unit',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='observations', to='org.unit'),
        ),
        migrations.AddIndex(
            model_name='observation',
            index=models.Index(fields=['unit', 'element', 'period'], name='facts_obser_unit_id_133095_idx'),
        ),
        migrations.AddConstraint(
            model_name='figure',
            constraint=models.UniqueConstraint(fields=('period', 'term', 'unit'), name='one_figure'),
        ),
        migrations.RunPython(lay, lay),
    ]
