"""The app that wires the house together when Django is ready."""

from __future__ import annotations

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Listed last, so that every module is loaded before."""

    name = "lingqu.config"
    label = "config"

    def ready(self) -> None:
        """Read who may come where and what the modules declare, and wire the events."""
        from lingqu.config.declarations import collect
        from lingqu.config.modules import register_declared
        from lingqu.config.wiring import wire_all

        collect()
        register_declared()
        wire_all()
