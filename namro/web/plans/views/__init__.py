"""Pages: documents being read, the review, the confirmation, the document again, who owes what."""

from namro.web.plans.views.assignments import (
    assign_target,
    assign_task,
    assignments,
    end_assignment,
    name_person,
)
from namro.web.plans.views.confirming import confirm
from namro.web.plans.views.readings import document_file, read_again, readings
from namro.web.plans.views.review import change, reading
from namro.web.plans.views.source import source

__all__ = [
    "assign_target",
    "assign_task",
    "assignments",
    "change",
    "confirm",
    "document_file",
    "end_assignment",
    "name_person",
    "read_again",
    "reading",
    "readings",
    "source",
]
