"""The Django app of this module."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    """Found by Django through the module's name."""

    name = "lingqu.approvals"
    label = "approvals"
