"""Letters of urging, and the reminders each carries: once a step, seen in the outbox."""

from django.conf import settings
from django.db import models

from namro.web.org.models import Unit
from namro.web.oversight.rules import STEP_LABELS, Outcome


class Letter(models.Model):
    """One letter to one person (thư đôn đốc): written first, sent after, both kept."""

    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    address = models.CharField("địa chỉ thư", max_length=254, blank=True)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    written_at = models.DateTimeField(db_index=True)
    claimed_at = models.DateTimeField(null=True)  # a run is sending it just now
    sent_at = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    failure = models.CharField(max_length=300, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self):
        return self.subject

    @property
    def outcome(self) -> Outcome:
        if self.sent_at:
            return Outcome.SENT
        if self.withdrawn_at:
            return Outcome.WITHDRAWN
        if not self.address:
            return Outcome.NO_ADDRESS
        return Outcome.FAILED if self.failure else Outcome.WAITING


class Reminder(models.Model):
    """One step of urging for one thing and one person (đôn đốc, nhắc việc).

    Without a letter the step was passed over (a higher one was already due), or, without a
    person, the unit has nobody to write to. A moved deadline begins a ladder of its own.
    """

    thing = models.CharField(max_length=20)  # "duty" or "task"
    thing_id = models.BigIntegerField()
    title = models.CharField(max_length=300)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="reminders")
    step = models.CharField(max_length=10, choices=[(s.value, v) for s, v in STEP_LABELS.items()])
    due_on = models.DateField()
    to = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    letter = models.ForeignKey(
        Letter, null=True, on_delete=models.PROTECT, related_name="reminders"
    )
    passed_over = models.BooleanField(default=False)
    written_at = models.DateTimeField()
    run = models.UUIDField()  # the run that wrote it: which rows of an insert were really ours

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["thing", "thing_id", "unit", "due_on", "step", "to"],
                condition=models.Q(to__isnull=False),
                name="once_a_step",
            ),
            models.UniqueConstraint(
                fields=["thing", "thing_id", "unit", "due_on", "step"],
                condition=models.Q(to__isnull=True),
                name="once_a_step_to_nobody",
            ),
        ]
        indexes = [models.Index(fields=["written_at"]), models.Index(fields=["thing", "thing_id"])]

    def __str__(self):
        return f"{self.get_step_display()}: {self.title}"

    @property
    def outcome(self) -> Outcome:
        if self.passed_over:
            return Outcome.PASSED_OVER
        return self.letter.outcome if self.letter else Outcome.NOBODY
