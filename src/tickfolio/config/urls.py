"""All HTTP routes."""

from django.urls import include, path

from tickfolio.web.views.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("", include("tickfolio.web.people_urls")),
    path("", include("tickfolio.web.urls")),
]
