from django.apps import AppConfig


class OrgConfig(AppConfig):
    name = "namro.web.org"
    verbose_name = "Tổ chức"
    default_auto_field = "django.db.models.BigAutoField"
