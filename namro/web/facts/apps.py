from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate


class FactsConfig(AppConfig):
    name = "namro.web.facts"
    verbose_name = "Số liệu gốc"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from namro.web.facts.watching import lay_again

        checks.register(definitions_are_sound)
        post_migrate.connect(lay_again, sender=self, dispatch_uid="facts.watching")


def definitions_are_sound(app_configs, **kwargs):
    """The installation's own measures load; said at the start, not on somebody's page."""
    from namro.measuring.definitions import FaultyDefinition
    from namro.web.facts.library import library

    try:
        library()
    except FaultyDefinition as why:
        return [checks.Error(str(why), hint="Sửa tệp trong thư mục measures.", id="facts.E001")]
    return []
