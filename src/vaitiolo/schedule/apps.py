"""Registers the schedule room with Django."""

from django.apps import AppConfig


class ScheduleConfig(AppConfig):
    name = "vaitiolo.schedule"
    label = "schedule"
