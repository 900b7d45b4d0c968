"""Registers the charts room with Django."""

from django.apps import AppConfig


class ChartsConfig(AppConfig):
    name = "vaitiolo.charts"
    label = "charts"
