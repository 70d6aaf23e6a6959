"""The seed plan, read end to end."""

from pathlib import Path

from namro.reading import read_plan

SEED = Path(__file__).parents[2] / "demo" / "plan.txt"


def test_seed_has_its_twenty_targets_and_six_tasks() -> None:
    plan = read_plan(SEED)

    assert len(plan.targets) == 20
    assert len(plan.tasks) == 6
