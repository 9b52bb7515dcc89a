"""The Django app of this module."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Found by Django through the module's name."""

    name = "lingqu.notices"
    label = "notices"
