"""Where sessions are kept: Django's own table, asked by a prepared question, since every page asks.

`SESSION_ENGINE` names this module.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.backends.db import SessionStore as TableStore
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from namro.web.frame import clock
from namro.web.frame.prepared import prepared


class SessionStore(TableStore):
    """A session of the table, read once per request."""

    def _get_session_from_db(self) -> Session | None:
        """The row of a key that has not expired; of any other the key is forgotten."""
        found = _kept(self.session_key, clock.now()) if self.session_key else []
        if not found:
            self._session_key = None
        return found[0] if found else None


@prepared
def _kept(key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)
