"""Addresses of receipts, of a partner's grade, and of what is proposed for its credit."""

from __future__ import annotations

from django.urls import path

from lingqu.credit import views

urlpatterns = [
    path("receipts/", views.receipts, name="receipts"),
    path("receipts/new", views.receipt_new, name="receipt_new"),
    path("receipts/preview", views.receipt_preview, name="receipt_preview"),
    path("receipts/<str:number>/", views.receipt, name="receipt"),
    path("partners/<str:code>/grade", views.grade_change, name="grade_change"),
    path("partners/<str:code>/credit", views.credit_change, name="credit_change"),
    path("partners/<str:code>/credit/preview", views.credit_preview, name="credit_preview"),
    path("partners/<str:code>/proposals", views.proposals, name="proposals"),
    path("credit/proposals/<str:number>/", views.proposal, name="proposal"),
    path("credit/proposals/<str:number>/revise", views.proposal_revise, name="proposal_revise"),
    path("credit/proposals/<str:number>/withdraw", views.proposal_withdraw, name="proposal_withdraw"),
]
