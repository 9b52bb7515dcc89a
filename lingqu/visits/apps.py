"""The Django app of this module."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """Found by Django through the module's name."""

    name = "lingqu.visits"
    label = "visits"
