"""Addresses of this room."""

app_name = "reporting"
urlpatterns = []
