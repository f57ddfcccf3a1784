"""A decision names the aims of care systems that it serves."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0008_signed_raised_and_rearranged'),
    ]

    # A column that may be empty is added in place, so that SQLite keeps the table and the triggers on it.
    operations = [
        migrations.AddField(
            model_name='decision',
            name='aims',
            field=models.JSONField(blank=True, null=True),
        ),
    ]
