"""Evidence can be taken back by a later row."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('strategy', '0005_measures_plans_drafts'),
    ]

    operations = [
        migrations.AddField(
            model_name='evidence',
            name='withdraws',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='withdrawn_by', to='strategy.evidence'),
        ),
    ]
