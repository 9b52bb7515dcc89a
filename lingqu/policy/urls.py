"""Addresses of the regulation."""

from __future__ import annotations

from django.urls import path

from lingqu.policy import views

urlpatterns = [
    path("", views.regulation, name="regulation"),
    path("evidence", views.evidence, name="regulation_evidence"),
]
