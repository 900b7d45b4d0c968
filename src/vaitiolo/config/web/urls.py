"""The addresses of the pages: each room answers under its own."""

from django.urls import include, path

urlpatterns = [
    path("", include("vaitiolo.people.urls")),
    path("", include("vaitiolo.web.urls")),
    path("diary/", include("vaitiolo.schedule.urls")),
    path("charts/", include("vaitiolo.charts.urls")),
    path("cases/", include("vaitiolo.breach.urls")),
    path("incidents/", include("vaitiolo.breach.telling.urls")),
    path("exercises/", include("vaitiolo.breach.drills.urls")),
    path("incidents/", include("vaitiolo.breach.duties.urls")),
    path("incidents/", include("vaitiolo.breach.leaks.urls")),
    path("incidents/", include("vaitiolo.breach.incidents.urls")),
    path("scope/", include("vaitiolo.breach.scope.urls")),
    path("incidents/", include("vaitiolo.breach.told.desk_urls")),
    path("told/", include("vaitiolo.breach.told.urls")),
    path("log/", include("vaitiolo.watch.urls")),
]

# What stands there when no room can answer.
handler400 = "vaitiolo.web.views.bad_request"
handler403 = "vaitiolo.web.views.forbidden"
handler404 = "vaitiolo.web.views.not_found"
handler500 = "vaitiolo.web.views.server_error"
