"""The Django app of this module."""

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    """Found by Django through the module's name."""

    name = "lingqu.policy"
    label = "policy"
