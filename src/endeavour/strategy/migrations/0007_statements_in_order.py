"""An index in the order of the long list."""

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('strategy', '0006_evidence_withdraws'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='statement',
            index=models.Index(models.F('kind'), django.db.models.functions.text.Length('ref'), models.F('ref'), name='strategy_statement_in_order'),
        ),
    ]
