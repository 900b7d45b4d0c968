"""The ledger room, for Django."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "vaitiolo.ledger"
    label = "ledger"
