"""Settings with history, what happened to rounds, locks lifted, deputies, decisions, comments."""

from django.conf import settings
from django.db import models

from namro.web.org.models import Unit
from namro.web.plans.models import Plan
from namro.web.reporting.chain.rules import (
    APPRAISAL_LABELS,
    DECISION_LABELS,
    EVENT_LABELS,
    AppraisalState,
    DecisionKind,
    RoundEventKind,
)
from namro.web.reporting.models import Round, Submission, TaskUpdate


def _person(**more):
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", **more
    )


class RegimeChange(models.Model):
    """The settings of a plan's reporting from a moment on (chế độ báo cáo): append-only.

    `told`: all of them, see `regime.Regime`. The newest row of a plan is in force; a round keeps a
    copy of those it was opened under.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="regimes")
    told = models.JSONField()
    reason = models.CharField("lý do", max_length=500)
    by = _person()
    at = models.DateTimeField()


class RoundEvent(models.Model):
    """What happened to a round: opened, its deadline moved, closed, opened again: append-only.

    `before`: what held until then, where a deadline (level → moment) or the settings changed.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="events")
    what = models.CharField(max_length=10, choices=[(k.value, v) for k, v in EVENT_LABELS.items()])
    reason = models.CharField("lý do", max_length=500, blank=True)
    details = models.CharField(max_length=500, blank=True)
    before = models.JSONField(default=dict)
    by = _person()
    at = models.DateTimeField()

    @property
    def kind(self) -> RoundEventKind:
        return RoundEventKind(self.what)


class Exemption(models.Model):
    """A unit may hand in until a moment though the round is locked (cho phép nộp sau khóa)."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="exemptions")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="exemptions")
    until = models.DateTimeField("được nộp đến")
    reason = models.CharField("lý do", max_length=500)
    by = _person()
    at = models.DateTimeField()
    withdrawn_by = _person()
    withdrawn_at = models.DateTimeField(null=True)


class Delegation(models.Model):
    """Who decides in place of somebody who is away, on which days, both included (ủy quyền)."""

    away = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegations_given"
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegations_held"
    )
    from_on = models.DateField("từ ngày")
    until_on = models.DateField("đến hết ngày")
    reason = models.CharField("lý do", max_length=500)
    by = _person()
    at = models.DateTimeField()
    ended_by = _person()
    ended_at = models.DateTimeField(null=True)


class Decision(models.Model):
    """One decision at one step of a return's way (quyết định duyệt): append-only."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="decisions")
    step = models.CharField(max_length=10)
    what = models.CharField(
        max_length=10, choices=[(k.value, v) for k, v in DECISION_LABELS.items()]
    )
    by = _person()
    on_behalf_of = _person()
    reason = models.TextField(blank=True)
    at = models.DateTimeField()

    @property
    def kind(self) -> DecisionKind:
        return DecisionKind(self.what)


class Hold(models.Model):
    """A return held back from the figures, with the reason (giữ lại, chưa tổng hợp)."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField("lý do", max_length=500)
    by = _person()
    at = models.DateTimeField()
    released_by = _person()
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submission"],
                condition=models.Q(released_at__isnull=True),
                name="one_hold_at_a_time",
            )
        ]


class Comment(models.Model):
    """What a level says of a return or of one figure in it (ý kiến); both sides see it."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="comments")
    element = models.CharField(max_length=80, blank=True)
    text = models.TextField("ý kiến")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    by = _person()
    at = models.DateTimeField()


class Appraisal(models.Model):
    """What was found of the evidence of a task's update (thẩm định): append-only."""

    update = models.ForeignKey(TaskUpdate, on_delete=models.PROTECT, related_name="appraisals")
    state = models.CharField(
        max_length=10, choices=[(k.value, v) for k, v in APPRAISAL_LABELS.items()]
    )
    text = models.TextField("nhận xét", blank=True)
    by = _person()
    at = models.DateTimeField()

    @property
    def kind(self) -> AppraisalState:
        return AppraisalState(self.state)
