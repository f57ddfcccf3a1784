"""Agreements to share data, interests on an item, and what a paper means for others.

SQLite makes an altered table anew, without its triggers: they are taken off first and put back last, on both databases.
"""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from endeavour.core.constraints import append_only

INTERESTS = append_only("governance_interest")
TAKEN_OFF = [kept.taken_off() for kept in INTERESTS]
AGREEMENTS = [*append_only("governance_dataagreement"), *append_only("governance_dataagreement_parties")]

class Migration(migrations.Migration):

    dependencies = [
        ('core', '0004_token_invariants'),
        ('governance', '0004_written_once'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *TAKEN_OFF,
        migrations.CreateModel(
            name='DataAgreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('key', models.SlugField(max_length=80)),
                ('version', models.PositiveSmallIntegerField()),
                ('title', models.CharField(max_length=200)),
                ('purpose', models.TextField()),
                ('lawful_basis', models.TextField()),
                ('data', models.TextField()),
                ('mode', models.CharField(choices=[('named', 'by name'), ('pseudonymised', 'with names replaced (pseudonymised)')], max_length=14)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('review_on', models.DateField()),
                ('source', models.CharField(max_length=300)),
            ],
        ),
        migrations.AddField(
            model_name='interest',
            name='item',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='interests', to='governance.agendaitem'),
        ),
        migrations.AddField(
            model_name='interest',
            name='then',
            field=models.CharField(blank=True, choices=[('stayed', 'stayed and took part'), ('spoke', 'stayed, spoke and took no part in deciding'), ('left', 'left the room')], max_length=8, null=True),
        ),
        migrations.AddField(
            model_name='paper',
            name='implications',
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='paper',
            name='verified_by',
            field=models.CharField(blank=True, max_length=160, null=True),
        ),
        migrations.AlterField(
            model_name='interest',
            name='post',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='interests', to='core.post'),
        ),
        migrations.AddConstraint(
            model_name='interest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('item__isnull', True), ('then__isnull', True)), models.Q(('item__isnull', False), ('then__isnull', False)), _connector='OR'), name='governance_interest_on_item_says_then'),
        ),
        migrations.AddField(
            model_name='dataagreement',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='dataagreement',
            name='controller',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.body'),
        ),
        migrations.AddField(
            model_name='dataagreement',
            name='parties',
            field=models.ManyToManyField(related_name='+', to='core.body'),
        ),
        migrations.AddConstraint(
            model_name='dataagreement',
            constraint=models.UniqueConstraint(fields=('key', 'version'), name='governance_agreement_version_once'),
        ),
        migrations.AddConstraint(
            model_name='dataagreement',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='governance_agreement_ends_after_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='dataagreement',
            constraint=models.CheckConstraint(condition=models.Q(('review_on__gt', models.F('starts_on'))), name='governance_agreement_reviewed_after_start'),
        ),
        *INTERESTS,
        *AGREEMENTS,
    ]
