"""Addresses of this room."""

from django.urls import path

from namro.web.oversight import views

app_name = "oversight"
urlpatterns = [
    path("don-doc/", views.outbox, name="reminders"),
    path("don-doc/ra-soat/", views.run, name="run"),
    path("don-doc/thu/<int:letter_id>/", views.letter, name="reminder"),
]
