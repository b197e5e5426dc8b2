"""All HTTP routes."""

from django.urls import include, path

from tickfolio.web.views.health import healthz, readyz
from tickfolio.web.views.metrics import metrics

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("livez", healthz, name="livez"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("", include("tickfolio.web.people_urls")),
    path("", include("tickfolio.web.urls")),
]

handler500 = "tickfolio.web.busy.fault"
