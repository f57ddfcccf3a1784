"""Measures wait for a person to agree, plans may have empty days, and forms keep drafts.

SQLite makes an altered table anew, without its triggers: they are taken off first and put back last, on both databases.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from endeavour.core.constraints import append_only, immutable

KEPT = [*append_only("strategy_promisemeasure"), immutable("strategy_plan", "owner", "key")]
TAKEN_OFF = [kept.taken_off() for kept in KEPT]


class Migration(migrations.Migration):

    dependencies = [
        ('strategy', '0004_resource_append_only'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *TAKEN_OFF,
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form', models.CharField(max_length=200)),
                ('values', models.JSONField(default=dict)),
                ('saved_at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='plan',
            name='source',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='promisemeasure',
            name='group',
            field=models.CharField(default='all', max_length=80),
        ),
        migrations.AddField(
            model_name='promisemeasure',
            name='grouping',
            field=models.CharField(default='system', max_length=20),
        ),
        migrations.AddField(
            model_name='promisemeasure',
            name='state',
            field=models.CharField(choices=[('proposed', 'proposed'), ('confirmed', 'agreed'), ('withdrawn', 'withdrawn')], default='confirmed', max_length=10),
        ),
        migrations.AddField(
            model_name='promisemeasure',
            name='why',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AlterField(
            model_name='plan',
            name='period_from',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='plan',
            name='period_to',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name='promisemeasure',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'proposed'), ('by__isnull', False), _connector='OR'), name='strategy_measure_confirmed_by_a_person'),
        ),
        migrations.AddField(
            model_name='draft',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(fields=('person', 'form'), name='strategy_one_draft_a_form'),
        ),
        *KEPT,
    ]
