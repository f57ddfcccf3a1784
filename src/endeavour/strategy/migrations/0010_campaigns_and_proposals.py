"""Campaigns with what people promise, and proposals of partners that are assessed as decisions are."""

import django.db.models.deletion
import endeavour.strategy.moments
from django.conf import settings
from django.db import migrations, models

from endeavour.core.constraints import append_only

RECORDED = ("campaign", "campaignowner", "material", "pledge", "pledgestep", "proposal")


class Migration(migrations.Migration):

    dependencies = [
        ('strategy', '0009_who_made_a_version'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameField(
            model_name='impactassessment',
            old_name='decision',
            new_name='about',
        ),
        migrations.CreateModel(
            name='CampaignOwner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(db_index=True, default=endeavour.strategy.moments.this_moment)),
                ('campaign', models.CharField(db_index=True, max_length=40)),
                ('body', models.CharField(max_length=80)),
                ('brings', models.CharField(blank=True, max_length=300)),
                ('leaves', models.BooleanField(default=False)),
                ('is_illustrative', models.BooleanField(default=False)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Material',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(db_index=True, default=endeavour.strategy.moments.this_moment)),
                ('campaign', models.CharField(db_index=True, max_length=40)),
                ('key', models.SlugField(max_length=20)),
                ('title', models.CharField(max_length=200)),
                ('words', models.TextField()),
                ('is_illustrative', models.BooleanField(default=False)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Pledge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(db_index=True, default=endeavour.strategy.moments.this_moment)),
                ('receipt', models.CharField(max_length=9, unique=True)),
                ('campaign', models.CharField(db_index=True, max_length=40)),
                ('way', models.CharField(blank=True, max_length=40)),
                ('words', models.TextField(blank=True)),
                ('place', models.CharField(blank=True, max_length=20)),
                ('group', models.CharField(blank=True, max_length=40)),
                ('body', models.CharField(blank=True, max_length=80)),
                ('people', models.PositiveIntegerField(default=1)),
                ('is_illustrative', models.BooleanField(default=False)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='PledgeStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(db_index=True, default=endeavour.strategy.moments.this_moment)),
                ('kind', models.CharField(choices=[('shown', 'read and shown'), ('not_shown', 'read and not shown'), ('kept', 'kept'), ('partly', 'kept in part'), ('not_kept', 'not kept'), ('taken_back', 'taken back')], max_length=10)),
                ('words', models.CharField(blank=True, max_length=300)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pledge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='strategy.pledge')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(db_index=True, default=endeavour.strategy.moments.this_moment)),
                ('key', models.SlugField(max_length=60)),
                ('title', models.CharField(max_length=200)),
                ('body', models.CharField(max_length=80)),
                ('kind', models.CharField(choices=[('plan', 'a local plan or policy'), ('planning', 'planning and building'), ('licensing', 'licensing'), ('housing', 'housing'), ('transport', 'roads, buses and paths'), ('benefits', 'benefits, rents and charges'), ('leisure', 'parks, sport and culture'), ('other', 'something else')], max_length=10)),
                ('words', models.TextField()),
                ('comments_by', models.DateField(blank=True, null=True)),
                ('decided_on', models.DateField(blank=True, null=True)),
                ('outcome', models.TextField(blank=True)),
                ('url', models.URLField(blank=True, max_length=500)),
                ('source', models.CharField(max_length=300)),
                ('is_illustrative', models.BooleanField(default=False)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(db_index=True, default=endeavour.strategy.moments.this_moment)),
                ('key', models.SlugField(max_length=40)),
                ('title', models.CharField(max_length=200)),
                ('words', models.TextField()),
                ('residents_ask', models.TextField()),
                ('services_ask', models.TextField()),
                ('covenant', models.TextField()),
                ('ways', models.JSONField(default=list)),
                ('ref', models.CharField(max_length=40)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('source', models.CharField(max_length=300)),
                ('is_illustrative', models.BooleanField(default=False)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gt', models.F('starts_on')), _connector='OR'), name='strategy_campaign_ends_after_it_starts')],
            },
        ),
        migrations.AddConstraint(
            model_name='pledge',
            constraint=models.CheckConstraint(condition=models.Q(('way', ''), ('words', ''), _negated=True), name='strategy_pledge_promises_something'),
        ),
        migrations.AddConstraint(
            model_name='pledge',
            constraint=models.CheckConstraint(condition=models.Q(('people__gte', 1)), name='strategy_pledge_of_somebody'),
        ),
        migrations.AddConstraint(
            model_name='pledge',
            constraint=models.CheckConstraint(condition=models.Q(('people', 1), ('by__isnull', False), ('is_illustrative', True), _connector='OR'), name='strategy_many_pledges_through_a_person'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_on__isnull', True), ('outcome', '')), models.Q(('decided_on__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='strategy_proposal_outcome_has_its_day'),
        ),
        *(operation for table in RECORDED for operation in append_only(f"strategy_{table}")),
    ]
