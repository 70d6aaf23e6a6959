"""Reminders: each sent once per thing, step and person, and seen in the outbox."""

from django.conf import settings
from django.db import models

from namro.web.org.models import Unit
from namro.web.oversight.rules import STEP_LABELS


class Reminder(models.Model):
    """One letter of urging (đôn đốc, nhắc việc): written first, sent after, both kept."""

    thing = models.CharField(max_length=20)  # "duty" or "task"
    thing_id = models.BigIntegerField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="reminders")
    step = models.CharField(max_length=10, choices=[(s.value, v) for s, v in STEP_LABELS.items()])
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    address = models.CharField(max_length=254, blank=True)
    due_on = models.DateField()
    subject = models.CharField(max_length=300)
    body = models.TextField()
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thing", "thing_id", "step", "to"], name="once_a_step")
        ]
        indexes = [models.Index(fields=["written_at"])]
