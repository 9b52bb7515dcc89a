"""Addresses of receipts, and of a partner's grade."""

from __future__ import annotations

from django.urls import path

from lingqu.credit import views

urlpatterns = [
    path("receipts/", views.receipts, name="receipts"),
    path("receipts/new", views.receipt_new, name="receipt_new"),
    path("receipts/preview", views.receipt_preview, name="receipt_preview"),
    path("receipts/<str:number>/", views.receipt, name="receipt"),
    path("partners/<str:code>/grade", views.grade_change, name="grade_change"),
]
