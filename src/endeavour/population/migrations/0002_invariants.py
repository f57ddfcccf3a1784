"""What was said of a household, and of two records, is written once; a correction is one more row."""

from django.db import migrations

from endeavour.core.constraints import append_only


class Migration(migrations.Migration):
    dependencies = [("population", "0001_caseload"), ("core", "0002_invariants")]
    operations = [
        operation
        for table in ("case", "lead", "consent", "workstream", "pairjudgement", "plusreview")
        for operation in append_only(f"population_{table}")
    ]
