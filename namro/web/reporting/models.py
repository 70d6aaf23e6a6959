"""Rounds, duties, submissions with their evidence, and updates on tasks."""

from django.conf import settings
from django.db import models

from namro.web.org.models import Unit
from namro.web.plans.models import Plan, Task
from namro.web.reporting.rules import STATUS_LABELS, Status


class Round(models.Model):
    """A period opened for reporting (đợt báo cáo), with the moment it is due."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="rounds")
    period = models.CharField("kỳ", max_length=8)
    calendar = models.CharField(max_length=16, default="administrative")
    due_at = models.DateTimeField("hạn nộp")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="rounds"
    )
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "period"], name="one_round_a_period")
        ]


class Duty(models.Model):
    """What one unit owes one receiver in a round (nghĩa vụ báo cáo): the elements of one form."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="duties")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="duties")
    receiver = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="duties_received")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT
    )
    elements = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "unit", "receiver"], name="one_duty_a_receiver"
            )
        ]


class Submission(models.Model):
    """One version of what a unit hands in (báo cáo của đơn vị).

    While DRAFT its values are overwritten; once submitted a version never changes: sent back or
    corrected, the next version is a new row. `values` maps element → {"value": "32", "cell":
    "Biểu 1!E7", "note": ""}; value null means left blank. `client_id` makes a repeated send harmless.
    """

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="submissions")
    version = models.IntegerField()
    status = models.CharField(
        max_length=10,
        choices=[(s.value, v) for s, v in STATUS_LABELS.items()],
        default=Status.DRAFT.value,
    )
    values = models.JSONField(default=dict)
    lock = models.IntegerField(default=0)
    client_id = models.UUIDField(null=True, unique=True)
    workbook_sha256 = models.CharField(max_length=64, blank=True)
    workbook_name = models.CharField(max_length=255, blank=True)
    note = models.TextField("thuyết minh", blank=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    saved_at = models.DateTimeField()
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField("lý do trả lại", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["duty", "version"], name="one_version")]


class TaskUpdate(models.Model):
    """What a lead unit says of its task (tiến độ thực hiện nhiệm vụ): append-only."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="updates")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="task_updates")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()
    text = models.TextField("kết quả thực hiện")
    done_on = models.DateField("hoàn thành ngày", null=True, blank=True)


class Evidence(models.Model):
    """A file that proves a submission or a task update (minh chứng), kept by SHA-256."""

    submission = models.ForeignKey(
        Submission, null=True, on_delete=models.PROTECT, related_name="evidence"
    )
    update = models.ForeignKey(
        TaskUpdate, null=True, on_delete=models.PROTECT, related_name="evidence"
    )
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    added_at = models.DateTimeField()
