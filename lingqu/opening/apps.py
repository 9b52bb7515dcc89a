"""The Django app of this module."""

from django.apps import AppConfig


class OpeningConfig(AppConfig):
    """Found by Django through the module's name."""

    name = "lingqu.opening"
    label = "opening"
