"""What has come to stay is not walked over again; garbage is still found."""

import gc
import weakref

import pytest

from namro.web.config import collecting


@pytest.fixture
def collector(monkeypatch):
    monkeypatch.setattr(collecting, "MUCH", 2_000)
    monkeypatch.setattr(collecting, "MOST_TIMES", 2)
    found = collecting.Collector()
    found.begin()
    yield found
    found.end()


class Knot:
    def __init__(self):
        self.self = self


def test_much_that_stays_is_set_aside_and_given_back_when_it_goes(collector):
    before = gc.get_freeze_count()
    stays = [[n] for n in range(5_000)]
    gc.collect()
    assert gc.get_freeze_count() - before >= 5_000 and collector.times == 1
    stays.clear()
    assert gc.get_freeze_count() - before < 5_000


def test_a_cycle_closed_after_it_was_set_aside_is_found_in_the_end(collector):
    first = Knot()
    seen = weakref.ref(first)
    stays = [[n] for n in range(5_000)]
    gc.collect()
    del first
    gc.collect()
    assert seen() is not None, "set aside, so not looked at"
    for _ in range(3):
        stays += [[n] for n in range(5_000)]
        gc.collect()
    assert seen() is None


def test_all_is_as_before_in_the_end():
    before, callbacks = gc.get_threshold(), len(gc.callbacks)
    found = collecting.Collector()
    found.begin()
    assert gc.get_threshold() == collecting.OFTEN
    found.end()
    assert (gc.get_threshold(), len(gc.callbacks), gc.get_freeze_count()) == (before, callbacks, 0)
