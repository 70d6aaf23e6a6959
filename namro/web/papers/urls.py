"""Addresses of this room."""

from django.urls import path

from namro.web.papers import removal_views, views
from namro.web.papers.traceability.views import traceability

app_name = "papers"
urlpatterns = [
    path("van-ban/", views.reports, name="reports"),
    path("van-ban/lap/<int:plan_id>/", views.prepare, name="prepare"),
    path("van-ban/lap/<int:plan_id>/phat-hanh", views.issue, name="issue"),
    path("van-ban/du-thao/<int:draft_id>.pdf", views.preview, name="preview"),
    path(
        "van-ban/doi-chieu/<int:comparison_id>.<str:ending>",
        traceability,
        name="traceability",
    ),
    path("van-ban/kiem-tra/", views.check, name="check"),
    path("xoa-du-lieu/", removal_views.removals_page, name="removals"),
    path("xoa-du-lieu/da-xoa/", removal_views.gone, name="gone"),
    path("xoa-du-lieu/<int:pk>/", removal_views.removal, name="removal"),
    path("xoa-du-lieu/<int:pk>/duyet/", removal_views.carry_out_removal, name="carry_out_removal"),
    path("xoa-du-lieu/<int:pk>/khong-duyet/", removal_views.refuse_removal, name="refuse_removal"),
    path("xoa-du-lieu/<int:pk>/rut/", removal_views.withdraw_removal, name="withdraw_removal"),
    path("van-ban/<int:report_id>/", views.report, name="report"),
    path("van-ban/<int:report_id>/bao-cao.docx", views.download_docx, name="docx"),
    path("van-ban/<int:report_id>/bao-cao.pdf", views.download_pdf, name="pdf"),
]
