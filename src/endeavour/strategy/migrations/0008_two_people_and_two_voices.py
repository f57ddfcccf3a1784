"""A measure is agreed by somebody else than proposed it, and a reason says for whom it was written.

SQLite makes an altered table anew, without its triggers: they are taken off first and put back last, on both databases.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from endeavour.core.constraints import append_only

KEPT = [*append_only("strategy_promisemeasure"), *append_only("strategy_explanation")]
TAKEN_OFF = [kept.taken_off() for kept in KEPT]


class Migration(migrations.Migration):

    dependencies = [
        ('strategy', '0007_statements_in_order'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *TAKEN_OFF,
        migrations.AddField(
            model_name='explanation',
            name='voice',
            field=models.CharField(blank=True, choices=[('owner', 'the owner'), ('secretariat', 'the secretariat, not the owner')], default='', max_length=12),
        ),
        migrations.AddField(
            model_name='promisemeasure',
            name='proposed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='promisemeasure',
            name='state',
            field=models.CharField(choices=[('proposed', 'proposed'), ('confirmed', 'agreed'), ('declined', 'not agreed'), ('withdrawn', 'withdrawn')], default='proposed', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='promisemeasure',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'confirmed'), _negated=True), ('proposed_by__isnull', True), models.Q(('by', models.F('proposed_by')), _negated=True), _connector='OR'), name='strategy_measure_agreed_by_another'),
        ),
        *KEPT,
    ]
