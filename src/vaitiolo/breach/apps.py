"""Registers the breach desk with Django."""

from django.apps import AppConfig


class BreachConfig(AppConfig):
    name = "vaitiolo.breach"
    label = "breach"
