"""Addresses of this room."""

from django.urls import path

from namro.web.plans import views
from namro.web.plans.comparing.urls import urlpatterns as comparing

app_name = "plans"
urlpatterns = [
    path("van-ban-den/", views.readings, name="readings"),
    path("van-ban-den/<int:reading_id>/", views.reading, name="reading"),
    path("van-ban-den/<int:reading_id>/sua", views.change, name="change"),
    path("van-ban-den/<int:reading_id>/xac-nhan", views.confirm, name="confirm"),
    path("van-ban-den/<int:reading_id>/doc-lai", views.read_again, name="read_again"),
    path("van-ban-den/<int:reading_id>/van-ban-khac", views.read_other, name="read_other"),
    path("van-ban-den/<int:reading_id>/trang/<int:page>", views.page_picture, name="page_picture"),
    path("van-ban-den/<int:reading_id>/tep", views.document_file, name="document_file"),
    path("ke-hoach/<int:plan_id>/van-ban", views.source, name="source"),
    path("phan-cong/", views.assignments, name="assignments"),
    path("phan-cong/chi-tieu/<int:target_id>/", views.assign_target, name="assign_target"),
    path("phan-cong/nhiem-vu/<int:task_id>/", views.assign_task, name="assign_task"),
    path("phan-cong/<int:assignment_id>/thoi-giao", views.end_assignment, name="end_assignment"),
    path("phan-cong/<int:assignment_id>/nguoi", views.name_person, name="name_person"),
    *comparing,
]
