"""Addresses of this room."""

from django.urls import path

from namro.web.results import views

app_name = "results"
urlpatterns = [
    path("chi-tieu/", views.targets, name="targets"),
    path("chi-tieu/theo-don-vi/", views.board, name="board"),
    path("chi-tieu/<int:target_id>/", views.target, name="target"),
    path("chi-tieu/<int:target_id>/nguon/", views.origin, name="origin"),
    path("chi-tieu/<int:target_id>/ho-so/", views.records, name="records"),
    path("nghi-van/", views.doubts, name="doubts"),
    path("nghi-van/tra-loi/", views.doubt, name="doubt"),
    path("cach-do/", views.measures, name="measures"),
    path("cach-do/tom-tat", views.gist, name="gist"),
    path("cach-do/<str:slug>/", views.measure, name="measure"),
    path("ke-hoach/<int:plan_id>/cach-do/", views.bind, name="bind"),
    path("ke-hoach/<int:plan_id>/cach-do/gan", views.bind_measures, name="bind_measures"),
]
