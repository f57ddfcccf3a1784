"""Whom a paper was consulted with, what each board made of it, and whether a decision is done once or varied."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from endeavour.core.constraints import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0004_token_invariants'),
        ('governance', '0005_agreements_and_interests'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='decision',
            name='reach',
            field=models.CharField(blank=True, choices=[('once', 'done once, the same everywhere'), ('varied', 'done differently from place to place')], max_length=6, null=True),
        ),
        migrations.AddField(
            model_name='paper',
            name='recommendation',
            field=models.TextField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='paper',
            name='topics',
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name='Consultation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('sha256', models.CharField(db_index=True, max_length=64)),
                ('happened_on', models.DateField()),
                ('words', models.TextField()),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.body')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Resolution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('outcome', models.CharField(choices=[('approved', 'approved as recommended'), ('amended', 'approved with changes'), ('refused', 'refused'), ('noted', 'noted only'), ('deferred', 'put off'), ('not_formalised', 'discussed and never formalised')], max_length=14)),
                ('words', models.TextField()),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decision', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='governance.decision')),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='resolutions', to='governance.paper')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ['approved', 'amended', 'refused']), _negated=True), ('decision__isnull', False), _connector='OR'), name='governance_resolved_by_a_decision')],
            },
        ),
        *append_only("governance_consultation"),
        *append_only("governance_resolution"),
    ]
