"""Addresses of this room."""

from django.urls import path

from namro.web.dashboard import views

app_name = "dashboard"
urlpatterns = [
    path("", views.home, name="home"),
    path("ke-hoach/", views.plans, name="plans"),
    path("ke-hoach/<int:plan_id>/", views.plan, name="plan"),
]
