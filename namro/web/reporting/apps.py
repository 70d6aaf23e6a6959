from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "namro.web.reporting"
    verbose_name = "Báo cáo"
    default_auto_field = "django.db.models.BigAutoField"
