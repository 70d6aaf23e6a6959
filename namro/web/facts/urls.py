"""Addresses of this room."""

app_name = "facts"
urlpatterns: list = []
