"""What of a return is not for all who see it: counts that a measure keeps back where they are few.

Which of them are few enough depends on the neighbours of the whole tree; a return does not know
them. So all that is said of such an element is for the unit itself, those its return passes, and
who may see single records there. What may be told to others stands where the measure is published.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property

from namro.measuring.discretion import discreet_elements
from namro.web.facts.library import library
from namro.web.org.models import User
from namro.web.org.queries import units_within
from namro.web.org.rules import Verb
from namro.web.reporting.chain.deputies import in_place_of
from namro.web.reporting.duties.standing import inside_of
from namro.web.reporting.models import Duty, Evidence
from namro.web.reporting.rights import coordinates, own_units

KEPT_BACK = "không công bố (số ít)"


class Sight:
    """How much of the returns they may open one person sees, on a day."""

    def __init__(self, viewer: User, on: date) -> None:
        self._people, self._viewer, self._on = [viewer, *in_place_of(viewer, on)], viewer, on
        self._few = discreet_elements(library().measures.values())

    def hidden(self, duty: Duty) -> frozenset[str]:
        """The elements of a duty's form that are kept from this person; mostly none. A few queries
        at the first duty that asks for any such element, none before or after."""
        few = self._few.intersection(duty.elements)
        if not few or duty.unit_id in self._units or duty.receiver_id in self._receivers:
            return frozenset()
        return frozenset() if duty.round.plan.root_id in self._coordinated else frozenset(few)

    def hides(self, proof: Evidence) -> bool:
        """Whether a proof is kept from this person: of such a figure, or of the whole return."""
        few = self.hidden(proof.submission.duty) if proof.submission else frozenset()
        return bool(few) and (not proof.element or proof.element in few)

    @cached_property
    def _units(self) -> set[int]:
        own = {u.pk for u in own_units(self._viewer, self._on)}
        return own | inside_of(self._viewer, self._on) | self._within(Verb.SEE_RECORDS)

    @cached_property
    def _receivers(self) -> set[int]:
        return inside_of(self._viewer, self._on) | self._coordinated

    @cached_property
    def _coordinated(self) -> set[int]:
        if any(coordinates(person, self._on) for person in self._people):
            return self._within(Verb.APPROVE)
        return set()

    def _within(self, verb: Verb) -> set[int]:
        found: set[int] = set()
        for person in self._people:
            found |= set(units_within(person, verb, self._on).values_list("pk", flat=True))
        return found
