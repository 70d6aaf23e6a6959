from django.apps import AppConfig


class ResultsConfig(AppConfig):
    name = "namro.web.results"
    verbose_name = "Kết quả"
    default_auto_field = "django.db.models.BigAutoField"
