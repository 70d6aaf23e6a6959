"""Django's own `flush`, emptying a whole database on purpose, past the append-only triggers."""

from django.core.management.commands.flush import Command as Flush
from django.db import connections

from namro.web.frame import append_only


class Command(Flush):
    """Empties every table; the triggers stand again afterwards, whatever happened."""

    def handle(self, **options):
        with append_only.suspended(connections[options["database"]]):
            super().handle(**options)
