"""All addresses: each module brings its own."""

from __future__ import annotations

from django.urls import include, path

from lingqu.config import views

urlpatterns = [
    path("health", views.health, name="health"),
    path("language", views.language, name="language"),
    path("kept", views.kept, name="kept"),
    path("accounts/", include("lingqu.organisation.urls")),
]
handler404 = "lingqu.config.views.page_not_found"
