"""The addresses of the pages: each room answers under its own."""

from pathlib import Path

from django.urls import include, path

HOUSE = Path(__file__).parents[2]
ADDRESSES = (("", "people"), ("", "web"), ("diary/", "schedule"), ("charts/", "charts"))

urlpatterns = [
    path(address, include(f"vaitiolo.{room}.urls"))
    for address, room in ADDRESSES
    if (HOUSE / room / "urls.py").exists()
]

# What stands there when no room can answer.
handler400 = "vaitiolo.web.views.bad_request"
handler403 = "vaitiolo.web.views.forbidden"
handler404 = "vaitiolo.web.views.not_found"
handler500 = "vaitiolo.web.views.server_error"
