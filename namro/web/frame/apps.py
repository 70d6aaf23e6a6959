from django.apps import AppConfig


class FrameConfig(AppConfig):
    name = "namro.web.frame"
    verbose_name = "Khung trang"
    default_auto_field = "django.db.models.BigAutoField"
