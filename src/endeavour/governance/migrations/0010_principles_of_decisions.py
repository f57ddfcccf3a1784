"""A decision names the principles of 2020 that it follows."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0009_aims_of_decisions'),
    ]

    # A column that may be empty is added in place, so that SQLite keeps the table and the triggers on it.
    operations = [
        migrations.AddField(
            model_name='decision',
            name='principles',
            field=models.JSONField(blank=True, null=True),
        ),
    ]
