"""The small province itself."""

from namro.web.org import queries
from namro.web.org.rules import Verb
from tests.world import ON


def test_world_reaches_are_as_told(world):
    assert queries.viewpoint(world.dieuphoi, ON).code == "12"
    within = queries.units_within(world.baocao, Verb.REPORT, ON)
    assert [u.code for u in within] == ["c1"]
    assert not queries.may(world.quantri, Verb.SEE_FIGURES, on=ON)
