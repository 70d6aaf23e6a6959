"""Addresses of this room."""

app_name = "papers"
urlpatterns = []
