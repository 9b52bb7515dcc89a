"""The app that wires the house together when Django is ready."""

from __future__ import annotations

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Listed last, so that every module is loaded before."""

    name = "lingqu.config"
    label = "config"

    def ready(self) -> None:
        """Wire the events, and read who may come where."""
        from lingqu.config.declarations import collect
        from lingqu.config.wiring import wire_all

        collect()
        wire_all()
