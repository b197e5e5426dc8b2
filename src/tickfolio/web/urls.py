"""The addresses of the pages."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from tickfolio.web.access import quotes_for_visitors
from tickfolio.web.views import people
from tickfolio.web.views.stocks import stocks, today_json

app_name = "web"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="web:stocks"), name="home"),
    path("stocks/", quotes_for_visitors(stocks), name="stocks"),
    # `path` and not `str`: a symbol may hold a slash, such as a pair of currencies.
    path("stocks/<path:symbol>/today.json", quotes_for_visitors(today_json), name="today_json"),
    path("preferences/", people.preferences, name="preferences"),
    path("preferences/theme/", people.theme, name="theme"),
    path("sign-out/everywhere/", people.sign_out_everywhere, name="sign_out_everywhere"),
    path("demo/sign-in/", people.demo_sign_in, name="demo_sign_in"),
]
