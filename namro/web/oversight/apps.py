from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "namro.web.oversight"
    verbose_name = "Đôn đốc"
    default_auto_field = "django.db.models.BigAutoField"
