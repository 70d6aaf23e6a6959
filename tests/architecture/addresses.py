"""Every address of the site, and a thing for each parameter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from namro.web.facts.models import RemovalRequest
from namro.web.oversight import reminders
from namro.web.oversight.models import Letter
from namro.web.papers import actions as papers
from namro.web.papers.models import IssuedReport
from namro.web.plans.comparing.models import Comparison
from namro.web.reporting import actions as reporting
from namro.web.reporting.chain.models import Delegation
from namro.web.reporting.deliveries.models import Delivery
from namro.web.reporting.models import Evidence, TaskUpdate
from tests.web.exchange.setting import an_export
from tests.world import World

AT = datetime(2025, 9, 15, 2, 0, tzinfo=UTC)
LATER = datetime(2025, 9, 16, 2, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Address:
    """A name with its room, and the names of its parameters."""

    name: str
    parameters: tuple[str, ...]


def all_addresses() -> list[Address]:
    """Every address the site answers to, by name."""

    def walk(resolver: URLResolver, room: str) -> Iterator[Address]:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                yield from walk(entry, entry.app_name or room)
            elif isinstance(entry, URLPattern):
                yield Address(f"{room}:{entry.name}", tuple(entry.pattern.converters))

    return sorted(set(walk(get_resolver(), "")), key=lambda a: a.name)


class Things:
    """One of each thing an address may name, made by the actions themselves."""

    def __init__(self, world: World) -> None:
        self.world = world
        people = world.people
        self.round = reporting.open_round(
            plan=world.plan, period_code="202509", due_at=AT, by=people["dieuphoi"], at=AT
        )
        duties = self.round.duties.filter(receiver=world.units["12-SNV"])
        self.duty = duties.get(unit=world.units["c1"])
        self.submission = self._submit()
        self.evidence = Evidence.objects.filter(submission=self.submission).first()
        reminders.run(today=date(2025, 9, 20), at=LATER)
        self.letter = Letter.objects.first()
        self.report = self._issue()
        self.record_file = reporting.receive_records(
            dataset="dossiers", period_code="202509", file_name="ho-so.csv",
            chunks=[b"dossier,unit\nh1,c1\n"], by=people["dieuphoi"], at=AT,
        )  # fmt: skip

        self._make_chain(people)
        self.delivery = Delivery.objects.create(
            client_id=uuid4(), sent_by=people["baocao"], sent_at=AT, state="DONE"
        )
        self.removal = RemovalRequest.objects.create(
            unit=world.units["12"], document="05/ĐN", document_on=date(2025, 9, 10), reason="Đơn",
            found=[], asked_by=people["dieuphoi"], asked_at=AT,
        )  # fmt: skip
        self.export = an_export(world)
        reading = world.plan.reading
        self.comparison = Comparison.objects.create(
            kind="SUPERIOR", old=reading, new=reading, state="DONE", compared_at=AT,
            found={"lines": [], "choices": []}, asked_by=people["dieuphoi"], asked_at=AT,
        )  # fmt: skip

    def _make_chain(self, people) -> None:
        """A unit let in though the round is locked, somebody's deputy, an update on the task."""
        self.exemption = reporting.exempt(
            round=self.round, unit=self.world.units["c1"], until=LATER + timedelta(days=5),
            reason="Mất điện", by=None, at=LATER,
        )  # fmt: skip
        now = timezone.localdate()
        self.delegation = Delegation.objects.create(
            away=people["duyet"], deputy=people["baocao"], from_on=now, until_on=now,
            reason="Đi công tác", by=people["duyet"], at=AT, ended_at=AT,
        )  # fmt: skip
        self.update = TaskUpdate.objects.create(
            task=self.world.task, unit=self.world.units["12-VP"], at=AT, text="Đã làm"
        )

    def _submit(self):
        officer = self.world.people["baocao"]
        values = {"commune-cadres": Decimal(40), "commune-cadres-trained": Decimal(32)}
        reporting.save_draft(duty=self.duty, values=values, by=officer, at=AT)
        reporting.attach(
            duty=self.duty, element="", file_name="danh-sach.pdf", chunks=[b"%PDF-1.4 x"],
            by=officer, at=AT,
        )  # fmt: skip
        draft = self.duty.submissions.get()
        return reporting.submit(submission=draft, by=officer, at=AT)

    def _issue(self) -> IssuedReport:
        return papers.issue_report(
            plan=self.world.plan, unit=self.world.plan.issuer, period_code="202509", form="party",
            number="", issued_on=date(2025, 9, 16), as_of=LATER,
            by=self.world.people["lanhdao"], at=LATER,
        )  # fmt: skip

    def fill(self, address: Address) -> dict[str, object]:
        """Values for the parameters of an address. KeyError: say here what it names."""
        return {p: self._value(address.name, p) for p in address.parameters}

    def _value(self, name: str, parameter: str) -> object:
        world = self.world
        if name == "results:records":
            return world.targets["12"].pk
        named = {
            "plan_id": world.plan.pk,
            "reading_id": world.plan.reading_id,
            "target_id": world.targets["5"].pk,
            "task_id": world.task.pk,
            "assignment_id": world.task.assignments.first().pk,
            "letter_id": self.letter.pk,
            "report_id": self.report.pk,
            "draft_id": 0,
            "form_id": self.export.mapping.form_id,
            "export_id": self.export.pk,
            "number": 1,
            "comparison_id": self.comparison.pk,
            "ending": "docx",
            "code": "c2",
            "slug": "nq57.commune-cadres-trained",
            "page": 1,
            "file": 1,
        }
        if parameter in named:
            return named[parameter]
        things = self._things()
        if name in things:
            return things[name].pk
        if name.startswith("reporting:") and name.split(":")[1] in DUTY_PAGES:
            return self.duty.pk
        if name == "reporting:batch":
            return 0
        raise KeyError(f"{name}: which {parameter}?")

    def _things(self) -> dict[str, Any]:
        """Address → what stands in it."""
        world = self.world
        return {
            "org:person": world.people["xakhac"], "org:appoint": world.people["xakhac"],
            "org:close_account": world.people["xakhac"], "org:unlock": world.people["xakhac"],
            "org:reopen_account": world.people["xakhac"],
            "org:reset_password": world.people["xakhac"],
            "org:end_post": world.people["xakhac"].posts.first(),
            "reporting:round": self.round, "reporting:move_due": self.round,
            "reporting:evidence": self.evidence,
            "reporting:submission": self.submission, "reporting:approve": self.submission,
            "reporting:send_back": self.submission,
            "reporting:submission_workbook": self.submission,
            "reporting:task": world.task, "reporting:update_task": world.task,
            "reporting:return_task": world.task, "reporting:appraise": self.update,
            "reporting:comment": self.submission, "reporting:hold": self.submission,
            "reporting:release": self.submission,
            "reporting:close_round": self.round, "reporting:reopen_round": self.round,
            "reporting:exempt": self.round, "reporting:round_terms": self.round,
            "reporting:summing": self.round, "reporting:withdraw_exemption": self.exemption,
            "reporting:regime": world.plan, "reporting:end_delegation": self.delegation,
            "reporting:record_file": self.record_file, "reporting:check_again": self.record_file,
            "reporting:faults": self.record_file, "reporting:round_forms": self.round,
            "reporting:delivery": self.delivery, "reporting:check_delivery_again": self.delivery,
            "reporting:delivery_copies": self.delivery, "reporting:delivery_copy": self.delivery,
            "papers:removal": self.removal, "papers:carry_out_removal": self.removal,
            "papers:refuse_removal": self.removal, "papers:withdraw_removal": self.removal,
        }  # fmt: skip


DUTY_PAGES = {
    "duty", "save", "hand_in", "workbook", "cells", "choose", "upload", "form_faults"
}  # fmt: skip
