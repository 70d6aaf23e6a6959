"""What the worker runs for comparisons."""

from django_tasks import task

from namro.web.frame import clock
from namro.web.plans.comparing import actions


@task
def compare(comparison_id: int) -> None:
    """Run a queued comparison (máy so sánh); twice does no harm."""
    actions.run_comparison(comparison_id, clock.now())


def let_go_compare(comparison_id: int) -> None:
    """Its worker was killed: the comparison is queued again."""
    actions.let_go(comparison_id)
