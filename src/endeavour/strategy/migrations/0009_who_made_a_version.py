"""A version for another audience says who made it.

SQLite makes an altered table anew, without its triggers: they are taken off first and put back last, on both databases.
"""

from django.db import migrations, models

from endeavour.core.constraints import append_only

KEPT = append_only("strategy_variant")
TAKEN_OFF = [kept.taken_off() for kept in KEPT]


class Migration(migrations.Migration):

    dependencies = [
        ('strategy', '0008_two_people_and_two_voices'),
    ]

    operations = [
        *TAKEN_OFF,
        migrations.AddField(
            model_name='variant',
            name='made_by',
            field=models.CharField(blank=True, default='', max_length=200),
        ),
        *KEPT,
    ]
