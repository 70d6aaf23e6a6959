"""What was delivered, and what became of each form in it."""

from django.conf import settings
from django.db import models

from namro.web.reporting.deliveries.rules import (
    DELIVERY_LABELS,
    OUTCOME_LABELS,
    DeliveryState,
    FormOutcome,
)
from namro.web.reporting.models import Duty, Submission


class Delivery(models.Model):
    """Files with filled-in forms sent at once (lần nạp biểu Excel): checked one after another.

    `client_id` is made by the page, so that a repeated sending is the same delivery. `files`: the
    uploads as {"name", "waiting": name among those to be checked, "sha256", "size"}, of those not
    kept with their "fault". `done` of `total` files are checked; each is taken, and told in its
    rows, in one transaction.
    """

    client_id = models.UUIDField(unique=True)
    files = models.JSONField(default=list)
    state = models.CharField(
        max_length=10,
        choices=[(s.value, v) for s, v in DELIVERY_LABELS.items()],
        default=DeliveryState.WAITING.value,
    )
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    beat_at = models.DateTimeField(null=True)  # when the check last said that it goes on
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="deliveries"
    )
    sent_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    def __str__(self):
        names = [file["name"] for file in self.files]
        return names[0] if len(names) == 1 else f"{len(names)} tệp"


class DeliveredForm(models.Model):
    """One form of a delivery, or a file without any (biểu trong lần nạp).

    `file`: its place among the delivery's files, `file_name` with the zip and folders it lay in;
    `faults` and `notices`: {"cell", "message", "suggestion"}. `has_copy`: a copy of the file with
    its faults marked is kept. `on_behalf`: who sent it is none of the unit's people but of those
    who receive its return; `submission`: the draft it went into.
    """

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="forms")
    file = models.IntegerField()
    file_name = models.CharField("tệp", max_length=520)
    sheet = models.CharField("trang tính", max_length=40, blank=True)
    whose = models.CharField("biểu của", max_length=250, blank=True)  # as the file itself says
    duty = models.ForeignKey(Duty, null=True, on_delete=models.PROTECT, related_name="+")
    on_behalf = models.BooleanField("nhập thay", default=False)
    submission = models.ForeignKey(
        Submission, null=True, on_delete=models.PROTECT, related_name="delivered"
    )
    outcome = models.CharField(
        max_length=10, choices=[(o.value, v) for o, v in OUTCOME_LABELS.items()]
    )
    changed = models.IntegerField("số ô thay đổi", default=0)
    waiting = models.IntegerField("số ô chờ chọn", default=0)
    faults = models.JSONField(default=list)
    notices = models.JSONField(default=list)
    has_copy = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["delivery", "file"])]

    def __str__(self):
        return f"{self.file_name}: {FormOutcome(self.outcome).label}"
