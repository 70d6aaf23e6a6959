"""What the worker runs for this room."""

from django_tasks import task

from namro.web.exchange import making
from namro.web.frame import clock


@task
def make_export(export_id: int) -> None:
    """Fill a template that was asked for (lập biểu); twice does no harm."""
    making.make(export_id, clock.now())


def let_go_make_export(export_id: int) -> None:
    """Its worker was killed: the export is queued again."""
    making.let_go(export_id)
