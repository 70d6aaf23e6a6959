"""Issued papers: what was said, resting on what, for ever."""

from django.conf import settings
from django.db import models

from namro.web.org.models import Unit
from namro.web.plans.models import Plan


class IssuedReport(models.Model):
    """An official report as issued (báo cáo phát hành): frozen contents, as-of, definition hashes."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="reports")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="reports_issued")
    form = models.CharField(max_length=8)  # "party" or "state"
    profile = models.CharField(max_length=40)
    period = models.CharField(max_length=8)
    as_of = models.DateTimeField()
    number = models.CharField("số", max_length=20, blank=True)
    issued_on = models.DateField()
    contents = models.JSONField()
    contents_sha256 = models.CharField(max_length=64)
    definitions = models.JSONField()  # measure → hash
    docx_sha256 = models.CharField(max_length=64)
    pdf_sha256 = models.CharField(max_length=64)
    verification_code = models.CharField(max_length=16, unique=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    issued_at = models.DateTimeField()
