"""The Django app of the ground floor: it only carries template tags."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    """Found by Django through the module's name."""

    name = "lingqu.base"
    label = "base"
