"""The Django app of this module."""

from django.apps import AppConfig


class InventoryConfig(AppConfig):
    """Found by Django through the module's name."""

    name = "lingqu.inventory"
    label = "inventory"
