"""Rounds, duties, submissions with their evidence, updates on tasks, files of raw records."""

from datetime import date, datetime

from django.conf import settings
from django.db import models

from namro.terms import Calendar, Period
from namro.web.facts.models import Batch
from namro.web.org.models import Unit
from namro.web.plans.models import Plan, Task
from namro.web.reporting.chain.rules import waits_for
from namro.web.reporting.duties.regime import KIND_LABELS, Level, Regime, RoundKind, level_of
from namro.web.reporting.form.merging import ORIGIN_LABELS, Part
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
    """Days opened for reporting (đợt báo cáo), with the moments by which each level is due.

    `period`: the ledger's period it belongs to; `from_on`–`to_on`: the days asked about. `due_at`
    is the communes'; departments and the province have their own where said. `regime`: the settings
    it was opened under (see `regime.Regime`).
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="rounds")
    kind = models.CharField(
        "loại đợt",
        max_length=12,
        choices=[(k.value, v) for k, v in KIND_LABELS.items()],
        default=RoundKind.PERIOD.value,
    )
    title = models.CharField("tên đợt", max_length=160, blank=True)
    period = models.CharField("kỳ", max_length=8)
    from_on = models.DateField("từ ngày", null=True)
    to_on = models.DateField("đến ngày", null=True)
    calendar = models.CharField(max_length=16, default="administrative")
    due_at = models.DateTimeField("hạn nộp")
    department_due_at = models.DateTimeField("hạn của sở, ban, ngành", null=True)
    province_due_at = models.DateTimeField("hạn của cấp tỉnh", null=True)
    regime = models.JSONField(default=dict)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="rounds"
    )
    opened_at = models.DateTimeField()
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField("đóng lúc", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "period"],
                condition=models.Q(kind=RoundKind.PERIOD.value),
                name="one_round_a_period",
            ),
            models.UniqueConstraint(
                fields=["plan", "kind", "from_on", "to_on", "title"],
                condition=~models.Q(kind=RoundKind.PERIOD.value),
                name="one_round_of_these_days",
            ),
        ]

    def __str__(self):
        return f"Đợt báo cáo {self.label}"

    @property
    def label(self) -> str:
        return self.title or Period.of(self.period).label

    @property
    def first_day(self) -> date:
        return self.from_on or Period.of(self.period).first_day(Calendar(self.calendar))

    @property
    def last_day(self) -> date:
        return self.to_on or Period.of(self.period).last_day(Calendar(self.calendar))

    @property
    def is_periodic(self) -> bool:
        """Whether what is approved enters the ledger, see `regime.RoundKind`."""
        return self.kind == RoundKind.PERIOD

    @property
    def terms(self) -> Regime:
        """The settings it was opened under."""
        return Regime.of(self.regime)

    def due_of(self, level: Level) -> datetime:
        """The moment a level is due."""
        if level is Level.COMMUNE:
            return self.due_at
        if level is Level.PROVINCE and self.province_due_at:
            return self.province_due_at
        return self.department_due_at or self.due_at


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
    due_at = models.DateTimeField("hạn nộp", null=True)  # empty: as the round says for the level

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "unit", "receiver"], name="one_duty_a_receiver"
            )
        ]

    def __str__(self):
        return f"Báo cáo {self.round.label} của {self.unit} gửi {self.receiver}"

    @property
    def due(self) -> datetime:
        """The moment it is due."""
        return self.due_at or self.round.due_of(level_of(self.unit.kind))


class Submission(models.Model):
    """One version of what a unit hands in (báo cáo của đơn vị).

    While DRAFT its values are those its cells show (`CellEntry`); once submitted a version never
    changes: sent back or corrected, the next version is a new row. `values` maps element →
    {"value": "32", "cell": "Biểu 1!E7", "note": "", "typed": ""}; value null means left blank,
    `typed` keeps what was typed but cannot be taken. `lock` is the newest entry of the duty.
    While SUBMITTED it waits at `step` of the chain; `sent_at`: when it left the unit.
    `on_behalf_of`: for whom, away, a colleague handed it in.
    `remarks` maps element → why it was sent back. `client_id` makes a repeated send harmless.
    """

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="submissions")
    version = models.IntegerField()
    status = models.CharField(
        max_length=10,
        choices=[(s.value, v) for s, v in STATUS_LABELS.items()],
        default=Status.DRAFT.value,
    )
    values = models.JSONField(default=dict)
    lock = models.BigIntegerField(default=0)
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
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    step = models.CharField("bước duyệt", max_length=10, blank=True)
    sent_at = models.DateTimeField("gửi đi lúc", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField("lý do trả lại", blank=True)
    remarks = models.JSONField("lý do trả lại theo ô", default=dict)
    fault = models.CharField("loại lỗi", max_length=10, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["duty", "version"], name="one_version")]
        indexes = [models.Index(fields=["status", "submitted_at"])]

    def __str__(self):
        return f"{self.duty}, bản {self.version}"

    @property
    def handed_in_by(self) -> str:
        """Who handed it in, and for whom; "" before."""
        away = f" thay {self.on_behalf_of.full_name}" if self.on_behalf_of else ""
        return f"{self.submitted_by.full_name}{away}" if self.submitted_by else ""

    @property
    def state(self) -> str:
        """How far it is, in words: while it waits, for whom."""
        waits = self.status == Status.SUBMITTED
        return waits_for(self.step) if waits else Status(self.status).label


class Sending(models.Model):
    """What one page, device or file sent at once, under the id it made itself (lần gửi).

    `versions` maps a cell to the entry the sending left there: a repeated sending, even after the
    answer was lost, is answered with them and changes nothing.
    """

    id = models.UUIDField(primary_key=True)
    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="sendings")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    versions = models.JSONField(default=dict)


class CellEntry(models.Model):
    """One thing said into one cell of a duty's form (lần nhập một ô); its key is a cell's version.

    Content, author, time and `base` (the version its author had seen; None: nothing yet) are never
    changed. An entry is `open` while it stands: one is shown, those said over a newer word than
    their base stand `aside` until a person chooses; `settled_by` is that choice.
    """

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="entries")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="entries")
    element = models.CharField(max_length=80, blank=True)  # "": of the return as a whole
    part = models.CharField(max_length=5, choices=[(p.value, p.value) for p in Part])
    content = models.JSONField()
    base = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    aside = models.BooleanField(default=False)
    open = models.BooleanField(default=True)
    settled_by = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="settles"
    )
    origin = models.CharField(
        max_length=8, choices=[(o.value, v) for o, v in ORIGIN_LABELS.items()]
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()  # received
    typed_at = models.DateTimeField()  # as far as the device's count of time can be believed

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["duty", "element", "part"],
                condition=models.Q(open=True, aside=False),
                name="one_entry_shown",
            )
        ]
        indexes = [models.Index(fields=["duty", "open"])]


class TaskUpdate(models.Model):
    """What is said of a task (tiến độ thực hiện nhiệm vụ): append-only.

    PROGRESS and DONE come from a lead unit; RETURNED from who follows the plan: not done yet.
    `client_id`: of the page that said it, so that the same words sent again say nothing more.
    `on_behalf_of`: for whom, away, a colleague spoke.
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
    percent = models.SmallIntegerField("mức hoàn thành (%)", null=True)
    product = models.CharField("sản phẩm", max_length=500, blank=True)
    done_on = models.DateField("hoàn thành ngày", null=True, blank=True)
    client_id = models.UUIDField(null=True, unique=True)
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["task", "at"])]


class Evidence(models.Model):
    """A file, kept by SHA-256, or a `link` that proves a submission or a task update (minh chứng).

    `element` names the figure it proves; empty: the whole return.
    """

    submission = models.ForeignKey(
        Submission, null=True, on_delete=models.PROTECT, related_name="evidence"
    )
    update = models.ForeignKey(
        TaskUpdate, null=True, on_delete=models.PROTECT, related_name="evidence"
    )
    element = models.CharField(max_length=80, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    link = models.CharField("địa chỉ trang", max_length=500, blank=True)
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


# Kept with their own rules, queries and actions; Django finds a room's models here.
from namro.web.reporting.chain.models import (  # noqa: E402, F401
    Appraisal,
    Comment,
    Decision,
    Delegation,
    Exemption,
    Hold,
    RegimeChange,
    RoundEvent,
)
from namro.web.reporting.deliveries.models import DeliveredForm, Delivery  # noqa: E402, F401
