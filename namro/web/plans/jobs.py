"""What the worker runs for this room."""

from django_tasks import task

from namro.web.frame import clock
from namro.web.plans import actions, intake
from namro.web.plans.comparing.jobs import compare
from namro.web.plans.comparing.queries import waiting_for


@task
def read_document(reading_id: int) -> None:
    """Read a queued document (máy đọc văn bản); twice does no harm. What waited for it goes on."""
    actions.run_reading(reading_id, clock.now(), clock.now)
    for comparison in waiting_for(reading_id):
        compare.enqueue(comparison_id=comparison)


def let_go_read_document(reading_id: int) -> None:
    """Its worker was killed: the reading is queued again."""
    intake.let_go(reading_id)
