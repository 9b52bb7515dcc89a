"""The Django app of this module."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Found by Django through the module's name."""

    name = "lingqu.desk"
    label = "desk"
