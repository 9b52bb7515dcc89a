"""The Django app of this module."""

from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    """Found by Django through the module's name."""

    name = "lingqu.returns"
    label = "returns"
