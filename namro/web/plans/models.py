"""Documents, their readings, plans, targets, tasks, and who owes them."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models

from namro.terms import Comparator, Threshold
from namro.web.frame.exact import ExactField
from namro.web.org.models import Unit
from namro.web.plans import draft as drafts
from namro.web.plans.rules import ITEM_LABELS, PART_LABELS, READING_LABELS, Part, ReadingState


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

    Of a file that holds several documents each has a reading of its own: `document_order`, from 1.

    `found` is namro-plan/1 as read, never changed, with `blocks`; `boxes` say where their words
    stand on the pages, `sheets` how large those are in points (see `sheets.py`). What is under
    review lies in ReviewItem. `version` counts the changes of the review, so that who confirms
    confirms what was shown. `attempt` tells a worker that went on from a dead one.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="readings")
    document_order = models.IntegerField(default=1)
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
    boxes = models.JSONField(default=dict)
    sheets = models.JSONField(default=list)
    version = models.IntegerField(default=0)
    attempt = models.IntegerField(default=0)
    queued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    progressed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document", "document_order"], name="one_reading_a_document_of_a_file"
            )
        ]

    def __str__(self):
        return f"{self.name} ({self.get_state_display()})"

    @property
    def name(self) -> str:
        """The file, and which of its documents where that is not the first."""
        more = f" (văn bản thứ {self.document_order})" if self.document_order > 1 else ""
        return f"{self.document.file_name}{more}"

    @property
    def draft(self) -> dict[str, Any] | None:
        """All that is under review, as `draft.opened` gives it; None before. A query each time."""
        rows = [row.item for row in self.items.filter(live=True).order_by("position", "pk")]
        if not rows:
            return None
        found: dict[str, Any] = {name: [] for name in drafts.LISTS.values()}
        for item in rows:
            kind = item["id"].split("-")[0]
            if kind == drafts.HEAD:
                found["document"] = item
            else:
                found[drafts.LISTS[kind]].append(item)
        return found


class ReviewItem(models.Model):
    """One thing under review (mục rà soát): a target, a task, a fault, or the document's head.

    `values` are its fields as in namro-plan/1 with what people made of them (see `draft.py`).
    `version` counts its own changes: two people at two items never meet. An item split off,
    merged or moved away is not deleted but no longer `live`, so that it can come back.
    """

    reading = models.ForeignKey(Reading, on_delete=models.PROTECT, related_name="items")
    key = models.CharField(max_length=12)
    kind = models.CharField(max_length=6, choices=[(k.value, v) for k, v in ITEM_LABELS.items()])
    position = models.BigIntegerField(default=0)
    section = models.CharField(max_length=60, blank=True)
    sure = models.FloatField(default=0)
    live = models.BooleanField(default=True)
    kept = models.BooleanField(default=True)
    checked = models.BooleanField(default=False)
    version = models.IntegerField(default=1)
    values = models.JSONField()

    TAKEN = ("values", "live", "kept", "checked", "position", "section", "version")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reading", "key"], name="one_item_a_key")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.values.get('code') or self.key}"

    @property
    def item(self) -> dict[str, Any]:
        """The item as `draft.py` and `changes.py` know it."""
        signs = {"live": self.live, "kept": self.kept, "checked": self.checked}
        return {**self.values, "id": self.key, **signs, "version": self.version}

    def take(self, item: Mapping[str, Any]) -> None:
        """Take an item's fields over; its place decides where it stands."""
        self.live, self.kept = item.get("live", True), item.get("kept", True)
        self.checked = item.get("checked", False)
        own = {"id", "live", "kept", "checked", "version"}
        self.values = {k: v for k, v in item.items() if k not in own}
        self.section = (item.get("section") or "")[:60]
        if (item.get("place") or {}).get("block") is not None:
            self.position = drafts.position(item["place"])


class ReviewChange(models.Model):
    """One act of a reviewer (thay đổi khi rà soát), append-only.

    `patches`: for each item touched its key, the versions before and after, the fields as they were
    and as they are now. An act taken back stays, named by the later one in `undoes`.
    """

    reading = models.ForeignKey(Reading, on_delete=models.PROTECT, related_name="changes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()
    does = models.CharField(max_length=12)
    summary = models.CharField(max_length=300)
    item = models.CharField(max_length=12, blank=True)
    patches = models.JSONField()
    undoes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="undone_by"
    )

    def __str__(self):
        return self.summary


class Reviewer(models.Model):
    """Where a person is in a review (người rà soát), to go on there another day.

    `seconds` is the time spent at the items, pauses left out; `decided` how many acts that took.
    """

    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="reviewers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    key = models.CharField(max_length=12)
    seen_at = models.DateTimeField()
    seconds = models.IntegerField(default=0)
    decided = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reading", "user"], name="one_seat_a_reviewer")
        ]

    def __str__(self):
        return f"{self.user}: {self.key}"


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
