"""The Django app of this module."""

from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    """Found by Django through the module's name."""

    name = "lingqu.claims"
    label = "claims"
