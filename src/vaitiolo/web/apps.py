"""Names the web room to Django, which then finds its templates, static files and catalogues."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "vaitiolo.web"
    label = "web"
