"""The Django app of this module."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """Found by Django through the module's name."""

    name = "lingqu.orders"
    label = "orders"
