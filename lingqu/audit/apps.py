"""The Django app of this module."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Found by Django through the module's name."""

    name = "lingqu.audit"
    label = "audit"
