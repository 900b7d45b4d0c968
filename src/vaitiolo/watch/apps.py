"""Registers the watch with Django."""

from django.apps import AppConfig


class WatchConfig(AppConfig):
    name = "vaitiolo.watch"
    label = "watch"
