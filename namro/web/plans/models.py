"""Documents, their readings, plans, targets, tasks, and who owes them."""

from django.conf import settings
from django.db import models

from namro.terms import Comparator, Threshold
from namro.web.frame.exact import ExactField
from namro.web.org.models import Unit
from namro.web.plans.rules import PART_LABELS, READING_LABELS, Part, ReadingState


class Document(models.Model):
    """A file someone received (văn bản); the file itself lies under its SHA-256."""

    sha256 = models.CharField(max_length=64, db_index=True)
    file_name = models.CharField("tên tệp", max_length=255)
    size = models.BigIntegerField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="documents")
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    received_at = models.DateTimeField()

    def __str__(self):
        return self.file_name


class Reading(models.Model):
    """One reading of a document (lượt đọc): what the machine found, and what a person made of it.

    `found` is namro-plan/1 as read, never changed, with `blocks`; `draft` the same under review:
    each target and task with "kept" (true, false = dropped) and "checked"; each fault "settled"
    (see `draft.py`). `version` guards against two reviewers overwriting each other; `changes` are
    the last ones, each with what undoes it. `attempt` tells a worker that went on from a dead one.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="readings")
    state = models.CharField(
        max_length=12,
        choices=[(s.value, v) for s, v in READING_LABELS.items()],
        default=ReadingState.QUEUED.value,
    )
    steps_done = models.IntegerField(default=0)
    steps_all = models.IntegerField(default=0)
    step = models.CharField(max_length=120, blank=True)
    failure = models.TextField(blank=True)
    found = models.JSONField(null=True)
    blocks = models.JSONField(default=list)
    draft = models.JSONField(null=True)
    version = models.IntegerField(default=0)
    changes = models.JSONField(default=list)
    attempt = models.IntegerField(default=0)
    queued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    progressed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    def __str__(self):
        return f"{self.document} ({self.get_state_display()})"


class Plan(models.Model):
    """A plan in force (kế hoạch), confirmed by a person from a reading."""

    reading = models.OneToOneField(Reading, on_delete=models.PROTECT, related_name="plan")
    kind = models.CharField(max_length=60, default="Kế hoạch")
    number = models.CharField("số, ký hiệu", max_length=60, blank=True)
    title = models.TextField("trích yếu")
    issued_on = models.CharField(
        "ngày ban hành", max_length=10, blank=True
    )  # ISO day, month or year
    issuer = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="plans_issued")
    root = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="plans_about")
    started_on = models.DateField("bắt đầu")
    deadline_on = models.DateField("thời hạn chung")
    supersedes = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    confirmed_at = models.DateTimeField()

    def __str__(self):
        return self.title


class Target(models.Model):
    """How much is to be reached, by when (chỉ tiêu); `measure` names how it is counted."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="targets")
    code = models.CharField("số thứ tự", max_length=12)
    position = models.IntegerField()
    quote = models.TextField("câu trong văn bản")
    place = models.JSONField(null=True)
    subject = models.TextField("nội dung")
    comparator = models.CharField(max_length=10, choices=[(c.value, c.value) for c in Comparator])
    value = ExactField("ngưỡng", null=True, blank=True)
    value_high = ExactField(null=True, blank=True)
    unit_of_measure = models.CharField("đơn vị tính", max_length=60, blank=True)
    soft = models.BooleanField("phấn đấu", default=False)
    scope = models.CharField("phạm vi", max_length=60, blank=True)
    deadline_on = models.DateField("thời hạn", null=True, blank=True)
    deadline_written = models.CharField(max_length=200, blank=True)
    measure = models.CharField("cách đo", max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="one_target_a_code")]

    def __str__(self):
        return f"({self.code}) {self.subject}"

    @property
    def threshold(self) -> Threshold:
        return Threshold(
            Comparator(self.comparator),
            self.value,
            self.value_high,
            self.unit_of_measure,
            self.soft,
        )

    @property
    def due_on(self):
        """Its own deadline, else the plan's."""
        return self.deadline_on or self.plan.deadline_on


class Task(models.Model):
    """What is to be done (nhiệm vụ)."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="tasks")
    code = models.CharField("mục", max_length=24)
    position = models.IntegerField()
    quote = models.TextField("câu trong văn bản")
    place = models.JSONField(null=True)
    title = models.TextField("nội dung")
    product = models.TextField("sản phẩm", blank=True)
    deadline_written = models.CharField("thời hạn như văn bản", max_length=200, blank=True)
    deadline_on = models.DateField("thời hạn", null=True, blank=True)
    ongoing = models.BooleanField("thường xuyên", default=False)

    def __str__(self):
        return self.title

    @property
    def due_on(self):
        """Its own deadline, else the plan's; ongoing work is judged at the plan's end."""
        return self.deadline_on or self.plan.deadline_on


class Assignment(models.Model):
    """Who owes a target or a task, in which part (phân công); ended, never deleted."""

    target = models.ForeignKey(
        Target, null=True, blank=True, on_delete=models.PROTECT, related_name="assignments"
    )
    task = models.ForeignKey(
        Task, null=True, blank=True, on_delete=models.PROTECT, related_name="assignments"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="assignments")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT
    )
    part = models.CharField(
        "vai", max_length=10, choices=[(p.value, v) for p, v in PART_LABELS.items()]
    )
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)
    assigned_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(target__isnull=False, task__isnull=True)
                | models.Q(target__isnull=True, task__isnull=False),
                name="assignment_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=["target", "unit", "part"],
                condition=models.Q(to_on__isnull=True, target__isnull=False),
                name="one_open_part_of_a_target",
            ),
            models.UniqueConstraint(
                fields=["task", "unit", "part"],
                condition=models.Q(to_on__isnull=True, task__isnull=False),
                name="one_open_part_of_a_task",
            ),
        ]

    def __str__(self):
        return f"{self.unit}: {Part(self.part).label}"


# Kept with their own queries and actions; Django finds a room's models here.
from namro.web.plans.comparing.models import Comparison, Ruling  # noqa: E402, F401
