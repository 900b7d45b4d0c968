"""Registers the tables of cards, grants and slots with Django."""

from django.apps import AppConfig


class KeysConfig(AppConfig):
    name = "vaitiolo.keys"
    label = "keys"
