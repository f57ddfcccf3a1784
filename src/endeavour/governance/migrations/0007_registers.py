"""One table for every dated register."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from endeavour.core.constraints import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0004_token_invariants'),
        ('governance', '0006_papers_before_boards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RegisterEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('register', models.SlugField(max_length=40)),
                ('key', models.SlugField(max_length=80)),
                ('version', models.PositiveSmallIntegerField()),
                ('title', models.CharField(max_length=200)),
                ('answers', models.JSONField()),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('review_on', models.DateField()),
                ('source', models.CharField(max_length=300)),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.body')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decision', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='governance.decision')),
                ('other', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.body')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('register', 'key', 'version'), name='governance_register_version_once'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='governance_entry_ends_after_it_starts'), models.CheckConstraint(condition=models.Q(('review_on__gt', models.F('starts_on'))), name='governance_entry_reviewed_after_start'), models.CheckConstraint(condition=models.Q(('other__isnull', True), models.Q(('other', models.F('body')), _negated=True), _connector='OR'), name='governance_entry_between_two')],
            },
        ),
        *append_only("governance_registerentry"),
    ]
