"""Addresses of comparing; part of the room's."""

from django.urls import path

from namro.web.plans.comparing import views

urlpatterns = [
    path("so-sanh/", views.comparisons, name="comparisons"),
    path("so-sanh/chon/<int:reading_id>/", views.choose, name="choose_comparison"),
    path("so-sanh/<int:comparison_id>/", views.comparison, name="comparison"),
    path("so-sanh/<int:comparison_id>/ket-luan", views.rule, name="rule_on_line"),
    path("so-sanh/<int:comparison_id>/hoan-tac", views.undo, name="undo_ruling"),
    path("so-sanh/<int:comparison_id>/chac-chan", views.confirm_sure, name="confirm_sure_lines"),
    path("so-sanh/<int:comparison_id>/lai", views.again, name="compare_again"),
]
