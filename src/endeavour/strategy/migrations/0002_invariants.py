"""Words never change, what was recorded stays: triggers on both databases."""

from django.db import migrations

from endeavour.core.constraints import append_only, immutable, no_overlap, refuse_once_written

RECORDED = (
    "evidence", "explanation", "promisemeasure", "alignment", "theoryversion", "theoryreview", "impactassessment",
    "variant", "narrative", "release",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("strategy", "0001_initial"), ("core", "0002_invariants")]
    operations = [
        immutable("strategy_statement", "ref", "kind", "recurrence", "stated_on", "document_id"),
        refuse_once_written("strategy_statement", "text"),
        refuse_once_written("strategy_statement", "due_on"),
        refuse_once_written("strategy_statement", "supersedes_id"),
        immutable("strategy_objective", "text", "ref"),
        immutable("strategy_plan", "owner", "key"),
        no_overlap("strategy_glossaryterm", "key"),
        *(operation for table in RECORDED for operation in append_only(f"strategy_{table}")),
    ]
