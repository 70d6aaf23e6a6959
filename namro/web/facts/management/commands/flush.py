"""Django's own `flush`, which empties the whole database: lifts the append-only triggers for it."""

from django.core.management.commands.flush import Command as Flush
from django.db import connections

from namro.web.facts import triggers


class Command(Flush):
    """Empties every table; the triggers stand again afterwards, whatever happened."""

    def handle(self, **options):
        connection = connections[options["database"]]
        laid = "facts_observation" in connection.introspection.table_names()
        if laid:
            triggers.lift(connection)
        try:
            super().handle(**options)
        finally:
            if laid:
                triggers.lay(connection)
