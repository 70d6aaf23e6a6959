"""Pages: documents being read, the review, the confirmation, the document again, who owes what."""

from namro.web.plans.views.acts import change
from namro.web.plans.views.assignments import (
    assign_target,
    assign_task,
    assignments,
    end_assignment,
    name_person,
)
from namro.web.plans.views.confirming import confirm
from namro.web.plans.views.pictures import page_picture
from namro.web.plans.views.readings import document_file, read_again, read_other, readings
from namro.web.plans.views.review import reading
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
    "page_picture",
    "read_again",
    "read_other",
    "reading",
    "readings",
    "source",
]
