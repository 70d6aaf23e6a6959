from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "namro.web.dashboard"
    verbose_name = "Trang tổng quan"
    default_auto_field = "django.db.models.BigAutoField"
