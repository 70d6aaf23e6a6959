"""What the worker runs for this room."""

from django_tasks import task

from namro.web.frame import clock
from namro.web.plans import actions


@task
def read_document(reading_id: int) -> None:
    """Read a queued document (máy đọc văn bản); twice does no harm."""
    actions.run_reading(reading_id, clock.now(), clock.now)
