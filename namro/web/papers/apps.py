from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "namro.web.papers"
    verbose_name = "Văn bản phát hành"
    default_auto_field = "django.db.models.BigAutoField"
