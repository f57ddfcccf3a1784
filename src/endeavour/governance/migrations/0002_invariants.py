"""What was decided, minuted, answered and reported is written once."""

from django.db import migrations

from endeavour.core.constraints import append_only, immutable

WRITTEN_ONCE = (
    "paper", "interest", "contribution", "reply", "decision", "action", "actionreport", "minutes", "dutyevidence",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("governance", "0001_initial"), ("core", "0002_invariants")]
    operations = [
        immutable("governance_meeting", "key", "body_id"),
        *(operation for table in WRITTEN_ONCE for operation in append_only(f"governance_{table}")),
    ]
