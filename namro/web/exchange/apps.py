from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "namro.web.exchange"
    verbose_name = "Trao đổi bằng tệp"
    default_auto_field = "django.db.models.BigAutoField"
