"""The Django app of this module."""

from django.apps import AppConfig


class CreditConfig(AppConfig):
    """Found by Django through the module's name."""

    name = "lingqu.credit"
    label = "credit"
