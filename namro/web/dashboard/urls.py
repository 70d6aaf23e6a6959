"""Addresses of this room."""

app_name = "dashboard"
urlpatterns = []
