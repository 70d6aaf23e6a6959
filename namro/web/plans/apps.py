from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "namro.web.plans"
    verbose_name = "Kế hoạch"
    default_auto_field = "django.db.models.BigAutoField"
