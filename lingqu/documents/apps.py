"""The Django app of this module."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Found by Django through the module's name."""

    name = "lingqu.documents"
    label = "documents"
