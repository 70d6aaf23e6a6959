"""Templates of other systems, how they are filled, and what was exported."""

from django.conf import settings
from django.db import models

from namro.web.exchange.rules import ExportState
from namro.web.org.models import Unit
from namro.web.plans.models import Plan


class ExchangeForm(models.Model):
    """Another system's empty template (biểu mẫu của hệ thống khác), as it was received."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="exchange_forms")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")  # whose reach
    name = models.CharField("tên biểu mẫu", max_length=200)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    kept = models.JSONField(default=list)  # pictures, charts …: what the file holds besides cells
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    received_at = models.DateTimeField()

    def __str__(self):
        return self.name


class MappingVersion(models.Model):
    """How a template is filled (cách ghép), one version; never changed."""

    form = models.ForeignKey(ExchangeForm, on_delete=models.PROTECT, related_name="mappings")
    number = models.IntegerField()
    contents = models.JSONField()
    note = models.CharField(max_length=200, blank=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["form", "number"], name="one_mapping_a_number")
        ]


class Export(models.Model):
    """One filling of a template (lần xuất): by whom, of what, as of when, and what came out."""

    mapping = models.ForeignKey(MappingVersion, on_delete=models.PROTECT, related_name="exports")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=8)
    as_of = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    again = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="repeats")
    state = models.CharField(
        max_length=8,
        choices=[(s.value, s.label) for s in ExportState],
        default=ExportState.QUEUED.value,
    )
    steps_done = models.IntegerField(default=0)
    steps_all = models.IntegerField(default=0)
    filled = models.IntegerField(default=0)
    remarks = models.JSONField(default=list)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["mapping", "asked_at"], name="exchange_export_of_mapping")]

    @property
    def is_under_way(self) -> bool:
        return self.state in (ExportState.QUEUED, ExportState.RUNNING)

    @property
    def is_same(self) -> bool:
        """Whether a repeated export came out as the first did, to the last byte."""
        return bool(self.again and self.sha256 and self.sha256 == self.again.sha256)
