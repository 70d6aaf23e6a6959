"""Papers being prepared, and issued ones: what was said, resting on what, for ever."""

from django.conf import settings
from django.db import models

from namro.web.org.models import Unit
from namro.web.papers.rules import FORM_LABELS
from namro.web.plans.models import Plan


class ReportDraft(models.Model):
    """A report being prepared (dự thảo báo cáo): what people wrote and chose, no figures.

    `version` guards against two people overwriting each other.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="report_drafts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="report_drafts")
    period = models.CharField(max_length=8)
    fields = models.JSONField(default=dict)
    version = models.IntegerField(default=0)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "unit", "period"], name="one_draft_a_period")
        ]


class IssuedReport(models.Model):
    """A report as issued (báo cáo phát hành): frozen contents, as-of, definition hashes."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="reports")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="reports_issued")
    form = models.CharField(
        "thể thức", max_length=8, choices=[(f, label) for f, label in FORM_LABELS.items()]
    )
    profile = models.CharField(max_length=40)
    period = models.CharField(max_length=8)
    as_of = models.DateTimeField()
    number = models.CharField("số", max_length=20, blank=True)
    symbol = models.CharField("ký hiệu", max_length=40)
    title = models.TextField("trích yếu")
    issued_on = models.DateField()
    contents = models.JSONField()
    contents_sha256 = models.CharField(max_length=64)
    definitions = models.JSONField()  # measure → hash
    docx_sha256 = models.CharField(max_length=64, db_index=True)
    pdf_sha256 = models.CharField(max_length=64, db_index=True)
    verification_code = models.CharField(max_length=16, unique=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    issued_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "symbol", "number", "issued_on"],
                condition=~models.Q(number=""),
                name="one_number_a_day",
            )
        ]

    def __str__(self):
        return self.full_number

    @property
    def full_number(self) -> str:
        """ "Số 15-BC/ĐU" or "Số: 05/BC-UBND", by the form it follows."""
        number = self.number.zfill(2) if self.number else "…"
        return f"Số {number}-{self.symbol}" if self.form == "party" else (
            f"Số: {number}/{self.symbol}"
        )  # fmt: skip
