"""Addresses of titles."""

from __future__ import annotations

from django.urls import path

from lingqu.catalogue import views

urlpatterns = [
    path("", views.titles, name="titles"),
    path("disciplines/", views.disciplines, name="disciplines"),
]
