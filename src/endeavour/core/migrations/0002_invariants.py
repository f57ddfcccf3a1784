"""Invariants kept by triggers: dates that never overlap, successors in order, nothing rewritten."""

from django.db import migrations

from endeavour.core.constraints import append_only, no_overlap, successors_start_later


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [
        no_overlap("core_area", "code"),
        no_overlap("core_membership", "post_id"),
        no_overlap("core_route", "kind", "source_id", "target_id"),
        *successors_start_later(),
        *append_only("core_event"),
        *append_only("core_auditentry"),
    ]
