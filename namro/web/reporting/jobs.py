"""For the worker."""

from django_tasks import task

from namro.web.frame import clock
from namro.web.reporting import actions
from namro.web.reporting.deliveries import checking
from namro.web.reporting.deliveries.models import Delivery
from namro.web.reporting.models import RecordFile
from namro.web.reporting.records import record_files


@task()
def check_records(record_file_id: int) -> str:
    """Check a file of raw records; gives its state."""
    kept = RecordFile.objects.get(pk=record_file_id)
    return str(actions.check_records(record_file=kept, at=clock.now()).state)


def let_go_check_records(record_file_id: int) -> None:
    """Its worker was killed: the file waits again."""
    record_files.let_go(record_file_id)


@task()
def check_delivery(delivery_id: int) -> str:
    """Check a delivery of filled-in forms; gives its state."""
    kept = Delivery.objects.get(pk=delivery_id)
    return str(checking.check_delivery(delivery=kept, now=clock.now).state)


def let_go_check_delivery(delivery_id: int) -> None:
    """Its worker was killed: the delivery waits again, and goes on with its next file."""
    checking.let_go(delivery_id)
