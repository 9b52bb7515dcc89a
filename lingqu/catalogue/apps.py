"""The Django app of this module."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Found by Django through the module's name."""

    name = "lingqu.catalogue"
    label = "catalogue"
