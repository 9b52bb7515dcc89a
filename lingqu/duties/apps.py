"""The Django app of this module."""

from django.apps import AppConfig


class DutiesConfig(AppConfig):
    """Found by Django through the module's name."""

    name = "lingqu.duties"
    label = "duties"
