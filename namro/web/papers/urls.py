"""Addresses of this room."""

from django.urls import path

from namro.web.papers import views
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
    path("van-ban/<int:report_id>/", views.report, name="report"),
    path("van-ban/<int:report_id>/bao-cao.docx", views.download_docx, name="docx"),
    path("van-ban/<int:report_id>/bao-cao.pdf", views.download_pdf, name="pdf"),
]
