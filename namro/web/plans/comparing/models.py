"""Comparisons, and what people ruled on their lines."""

from django.conf import settings
from django.db import models

from namro.web.plans.comparing.table import KIND_LABELS, VERDICT_LABELS, ComparingState


class Comparison(models.Model):
    """Two readings compared (lượt so sánh). `old` is the former version, or the superior's paper.

    `found` is what the core says, with the drafts' own ids; `old_version` and `new_version` tell
    which drafts were compared. One row a pair: comparing anew keeps what people ruled.
    """

    kind = models.CharField(max_length=10, choices=[(k.value, v) for k, v in KIND_LABELS.items()])
    old = models.ForeignKey("plans.Reading", on_delete=models.PROTECT, related_name="compared_from")
    new = models.ForeignKey("plans.Reading", on_delete=models.PROTECT, related_name="compared_to")
    state = models.CharField(max_length=10, default=ComparingState.QUEUED.value)
    failure = models.TextField(blank=True)
    found = models.JSONField(null=True)
    old_version = models.IntegerField(default=0)
    new_version = models.IntegerField(default=0)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    asked_at = models.DateTimeField()
    compared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "old", "new"], name="one_comparison_a_pair")
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.old.document} – {self.new.document}"


class Ruling(models.Model):
    """What a person ruled on one line (kết luận về một dòng); taken back, never deleted.

    `line` is the line's key; `chosen` the item linked instead, `judged` that link as the core
    judges it.
    """

    comparison = models.ForeignKey(Comparison, on_delete=models.PROTECT, related_name="rulings")
    line = models.CharField(max_length=40)
    verdict = models.CharField(
        max_length=10, choices=[(v.value, label) for v, label in VERDICT_LABELS.items()]
    )
    chosen = models.CharField(max_length=40, blank=True)
    judged = models.JSONField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["comparison", "line"],
                condition=models.Q(undone_at__isnull=True),
                name="one_open_ruling_a_line",
            )
        ]

    def __str__(self):
        return f"{self.line}: {self.get_verdict_display()}"
