"""The Django app of this module."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Found by Django through the module's name."""

    name = "lingqu.reports"
    label = "reports"
