"""Rounds, duties, submissions with their evidence, updates on tasks, files of raw records."""

from django.conf import settings
from django.db import models

from namro.terms import Period
from namro.web.facts.models import Batch
from namro.web.org.models import Unit
from namro.web.plans.models import Plan, Task
from namro.web.reporting.rules import (
    FILE_LABELS,
    STATUS_LABELS,
    UPDATE_LABELS,
    FileState,
    Status,
    UpdateKind,
)


class Holiday(models.Model):
    """A day whose work is not as its weekday says: a holiday, or a swapped working day."""

    on = models.DateField("ngày", unique=True)
    name = models.CharField("tên", max_length=120)
    works = models.BooleanField("làm việc bù", default=False)

    def __str__(self):
        return self.name


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

    def __str__(self):
        return f"Đợt báo cáo {self.label}"

    @property
    def label(self) -> str:
        return Period.of(self.period).label


class Duty(models.Model):
    """What one unit owes one receiver in a round (nghĩa vụ báo cáo): the elements of one form."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="duties")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="duties")
    receiver = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="duties_received")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT
    )
    elements = models.JSONField(default=list)
    # False where every figure of the form is due in another period: then it is an offer, not owed.
    required = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "unit", "receiver"], name="one_duty_a_receiver"
            )
        ]

    def __str__(self):
        return f"Báo cáo {self.round.label} của {self.unit} gửi {self.receiver}"


class Submission(models.Model):
    """One version of what a unit hands in (báo cáo của đơn vị).

    While DRAFT its values are overwritten; once submitted a version never changes: sent back or
    corrected, the next version is a new row. `values` maps element → {"value": "32", "cell":
    "Biểu 1!E7", "note": "", "typed": ""}; value null means left blank, `typed` keeps what was typed
    but cannot be taken. `remarks` maps element → why it was sent back. `client_id` makes a repeated
    send harmless.
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
    remarks = models.JSONField("lý do trả lại theo ô", default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["duty", "version"], name="one_version")]
        indexes = [models.Index(fields=["status", "submitted_at"])]

    def __str__(self):
        return f"{self.duty}, bản {self.version}"


class TaskUpdate(models.Model):
    """What is said of a task (tiến độ thực hiện nhiệm vụ): append-only.

    PROGRESS and DONE come from a lead unit; RETURNED from who follows the plan: not done yet.
    """

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="updates")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="task_updates")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    at = models.DateTimeField()
    kind = models.CharField(
        max_length=10,
        choices=[(k.value, v) for k, v in UPDATE_LABELS.items()],
        default=UpdateKind.PROGRESS.value,
    )
    text = models.TextField("kết quả thực hiện")
    done_on = models.DateField("hoàn thành ngày", null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["task", "at"])]


class Evidence(models.Model):
    """A file that proves a submission or a task update (minh chứng), kept by SHA-256.

    `element` names the figure it proves; empty: the whole return.
    """

    submission = models.ForeignKey(
        Submission, null=True, on_delete=models.PROTECT, related_name="evidence"
    )
    update = models.ForeignKey(
        TaskUpdate, null=True, on_delete=models.PROTECT, related_name="evidence"
    )
    element = models.CharField(max_length=80, blank=True)
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(submission__isnull=False, update__isnull=True)
                | models.Q(submission__isnull=True, update__isnull=False),
                name="evidence_of_one_thing",
            )
        ]


class RecordFile(models.Model):
    """A file of raw records on its way in (tệp dữ liệu hồ sơ): checked, taken or refused whole."""

    dataset = models.CharField("tập dữ liệu", max_length=60)
    period = models.CharField("kỳ", max_length=8)
    file_name = models.CharField("tên tệp", max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    waiting = models.CharField(max_length=60, blank=True)  # its name among those to be checked
    state = models.CharField(
        max_length=10,
        choices=[(s.value, v) for s, v in FILE_LABELS.items()],
        default=FileState.WAITING.value,
    )
    faults = models.JSONField(default=list)  # the first: {"line", "cell", "message", "suggestion"}
    has_copy = models.BooleanField(default=False)  # all faults stand in a copy of the file
    checked_rows = models.BigIntegerField(default=0)
    total_rows = models.BigIntegerField(null=True)
    beat_at = models.DateTimeField(null=True)  # when the check last said that it goes on
    batch = models.OneToOneField(
        Batch, null=True, on_delete=models.PROTECT, related_name="record_file"
    )
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    sent_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    def __str__(self):
        return self.file_name
