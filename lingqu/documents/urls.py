"""Addresses of lists taken out and tables sent in."""

from __future__ import annotations

from django.urls import path

from lingqu.documents import views

urlpatterns = [
    path("exports/", views.exports, name="exports"),
    path("exports/new/<slug:key>", views.export_new, name="export_new"),
    path("exports/<int:number>/", views.export, name="export"),
    path("exports/<int:number>/file", views.export_file, name="export_file"),
    path("imports/new/<slug:key>", views.import_new, name="import_new"),
    path("imports/new/<slug:key>/template", views.import_template, name="import_template"),
    path("imports/<int:number>/", views.import_file, name="import"),
    path("imports/<int:number>/marked", views.import_marked, name="import_marked"),
]
