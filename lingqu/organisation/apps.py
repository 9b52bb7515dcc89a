"""The Django app of this module."""

from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    """Found by Django through the module's name."""

    name = "lingqu.organisation"
    label = "organisation"
