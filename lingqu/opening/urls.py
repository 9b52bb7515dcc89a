"""Addresses of going live."""

from __future__ import annotations

from django.urls import path

from lingqu.opening import views

urlpatterns = [
    path("", views.opening, name="opening"),
    path("new/<slug:kind>", views.opening_new, name="opening_new"),
    path("template/<slug:kind>", views.opening_template, name="opening_template"),
    path("<slug:number>", views.opening_file, name="opening_file"),
    path("<slug:number>/original", views.opening_original, name="opening_original"),
    path("<slug:number>/marked", views.opening_marked, name="opening_marked"),
    path("<slug:number>/sign", views.opening_sign, name="opening_sign"),
    path("<slug:number>/book", views.opening_book, name="opening_book"),
    path("<slug:number>/withdraw", views.opening_withdraw, name="opening_withdraw"),
]
