"""For the worker."""

from django_tasks import task

from namro.web.frame import clock
from namro.web.reporting import actions
from namro.web.reporting.models import RecordFile


@task()
def check_records(record_file_id: int) -> str:
    """Check a file of raw records; gives its state."""
    kept = RecordFile.objects.get(pk=record_file_id)
    return str(actions.check_records(record_file=kept, at=clock.now()).state)
