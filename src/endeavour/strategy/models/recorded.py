"""What every row that somebody writes has: who wrote it and when."""

from __future__ import annotations

from django.db import models

from endeavour.core.public import Person
from endeavour.strategy.moments import this_moment


class Recorded(models.Model):
    """A row written once by somebody; `by` is empty only for the system's own loads."""

    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=this_moment, db_index=True)

    class Meta:
        abstract = True
