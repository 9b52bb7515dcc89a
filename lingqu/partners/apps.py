"""The Django app of this module."""

from django.apps import AppConfig


class PartnersConfig(AppConfig):
    """Found by Django through the module's name."""

    name = "lingqu.partners"
    label = "partners"
