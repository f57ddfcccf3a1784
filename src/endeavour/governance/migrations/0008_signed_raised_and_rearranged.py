"""Agendas are rearranged in the open, partners sign, worries are raised against the clock, memberships are proposed."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import F

from endeavour.core.constraints import append_only, refuse_once_written


def place_as_numbered(apps: object, editor: object) -> None:
    """Items stood in the order of their numbers until now."""
    del editor
    apps.get_model("governance", "AgendaItem").objects.update(place=F("number"))  # type: ignore[attr-defined]


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0004_token_invariants'),
        ('governance', '0007_registers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AgendaChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('place_was', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('place', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('why', models.CharField(max_length=300)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Escalation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('route', models.SlugField(max_length=80)),
                ('reference', models.CharField(max_length=40)),
                ('raised_at', models.DateTimeField()),
                ('answer_by', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='EscalationAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('answered_at', models.DateTimeField()),
                ('words', models.CharField(max_length=300)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='MembershipProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('key', models.SlugField(max_length=60, unique=True)),
                ('title', models.CharField(max_length=200)),
                ('rules', models.TextField()),
                ('seats', models.JSONField()),
                ('source', models.CharField(max_length=300)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('name', models.CharField(max_length=160)),
                ('offers', models.TextField()),
                ('needs', models.TextField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AlterModelOptions(
            name='agendaitem',
            options={'ordering': ['place', 'number']},
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='place',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='meeting',
            name='agenda_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.RunPython(place_as_numbered, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='agendaitem',
            constraint=models.UniqueConstraint(fields=('meeting', 'place'), name='governance_item_place_once'),
        ),
        migrations.AddField(
            model_name='agendachange',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='agendachange',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='governance.agendaitem'),
        ),
        migrations.AddField(
            model_name='escalation',
            name='body',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.body'),
        ),
        migrations.AddField(
            model_name='escalation',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='escalation',
            name='other',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.body'),
        ),
        migrations.AddField(
            model_name='escalationanswer',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='escalationanswer',
            name='escalation',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='answer', to='governance.escalation'),
        ),
        migrations.AddField(
            model_name='membershipproposal',
            name='body',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.body'),
        ),
        migrations.AddField(
            model_name='membershipproposal',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='signature',
            name='body',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.body'),
        ),
        migrations.AddField(
            model_name='signature',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='signature',
            name='document',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='governance.workingdocument'),
        ),
        migrations.AddConstraint(
            model_name='escalation',
            constraint=models.UniqueConstraint(fields=('body', 'reference'), name='governance_escalation_reference_once'),
        ),
        migrations.AddConstraint(
            model_name='escalation',
            constraint=models.CheckConstraint(condition=models.Q(('answer_by__gt', models.F('raised_at'))), name='governance_escalation_answered_after_raised'),
        ),
        refuse_once_written("governance_meeting", "agenda_on"),
        *(
            operation
            for table in ("agendachange", "signature", "membershipproposal", "escalation", "escalationanswer")
            for operation in append_only(f"governance_{table}")
        ),
    ]
