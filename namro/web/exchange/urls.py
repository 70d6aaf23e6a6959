"""Addresses of this room."""

from django.urls import path

from namro.web.exchange import export_views as exports
from namro.web.exchange import views

app_name = "exchange"
urlpatterns = [
    path("trao-doi/", views.forms, name="forms"),
    path("trao-doi/<int:form_id>/", views.form, name="form"),
    path("trao-doi/<int:form_id>/luu", views.save, name="save"),
    path("trao-doi/<int:form_id>/mau.xlsx", views.template_file, name="template"),
    path("trao-doi/<int:form_id>/cach-ghep-<int:number>.json", views.mapping_file, name="mapping"),
    path("trao-doi/<int:form_id>/nap", views.load, name="load"),
    path("trao-doi/<int:form_id>/ma-don-vi", views.codes, name="codes"),
    path("trao-doi/<int:form_id>/lan-xuat/", exports.exports, name="exports"),
    path("trao-doi/<int:form_id>/xuat", exports.ask, name="ask"),
    path("trao-doi/lan-xuat/<int:export_id>/", exports.export, name="export"),
    path("trao-doi/lan-xuat/<int:export_id>/bieu.xlsx", exports.download, name="download"),
    path("trao-doi/lan-xuat/<int:export_id>/lap-lai", exports.again, name="again"),
]
