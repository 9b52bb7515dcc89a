"""The Django app of this module."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Found by Django through the module's name."""

    name = "lingqu.ledger"
    label = "ledger"
