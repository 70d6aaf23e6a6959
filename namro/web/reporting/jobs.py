"""For the worker."""

from django_tasks import task

from namro.web.frame import clock
from namro.web.reporting import actions
from namro.web.reporting.deliveries import checking
from namro.web.reporting.deliveries.models import Delivery
from namro.web.reporting.models import RecordFile


@task()
def check_records(record_file_id: int) -> str:
    """Check a file of raw records; gives its state."""
    kept = RecordFile.objects.get(pk=record_file_id)
    return str(actions.check_records(record_file=kept, at=clock.now()).state)


@task()
def check_delivery(delivery_id: int) -> str:
    """Check a delivery of filled-in forms; gives its state."""
    kept = Delivery.objects.get(pk=delivery_id)
    return str(checking.check_delivery(delivery=kept, now=clock.now).state)
