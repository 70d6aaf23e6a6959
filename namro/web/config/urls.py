"""One include per room; the paths are Vietnamese words, without diacritics."""

from django.urls import include, path

urlpatterns = [
    path("", include("namro.web.dashboard.urls")),
    path("", include("namro.web.org.urls")),
    path("", include("namro.web.plans.urls")),
    path("", include("namro.web.facts.urls")),
    path("", include("namro.web.reporting.urls")),
    path("", include("namro.web.results.urls")),
    path("", include("namro.web.oversight.urls")),
    path("", include("namro.web.exchange.urls")),
    path("", include("namro.web.papers.urls")),
]
handler400 = "namro.web.frame.refusals.bad_request"
handler403 = "namro.web.frame.refusals.forbidden"
handler404 = "namro.web.frame.refusals.not_found"
handler500 = "namro.web.frame.refusals.broken"
