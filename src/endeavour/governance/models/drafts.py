"""What was typed and not sent."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from endeavour.core.public import Person


class Draft(models.Model):
    """What somebody typed into a form of the desk and has not sent, so that nothing typed is lost."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    form = models.CharField(max_length=200)
    values = models.JSONField(default=dict)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "form"], name="governance_draft_once")
        ]

    @property
    def first_words(self) -> str:
        """Its title or its longest answer, by which its writer knows it again; else the form's address."""
        answers = [str(value).strip() for value in self.values.values()]
        return str(self.values.get("title") or max(answers, key=len, default="") or self.form)
