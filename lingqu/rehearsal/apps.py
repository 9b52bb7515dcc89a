"""The Django app of this module."""

from django.apps import AppConfig


class RehearsalConfig(AppConfig):
    """Found by Django through the module's name."""

    name = "lingqu.rehearsal"
    label = "rehearsal"
