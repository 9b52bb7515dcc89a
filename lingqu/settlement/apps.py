"""The Django app of this module."""

from django.apps import AppConfig


class SettlementConfig(AppConfig):
    """Found by Django through the module's name."""

    name = "lingqu.settlement"
    label = "settlement"
