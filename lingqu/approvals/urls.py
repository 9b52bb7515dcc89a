"""Addresses of the approvals."""

from __future__ import annotations

from django.urls import path

from lingqu.approvals import views

urlpatterns = [
    path("", views.listing, name="approvals"),
    path("<str:number>", views.show, name="approval"),
    path("<str:number>/fold", views.fold, name="approval_fold"),
    path("<str:number>/decide/<str:verb>", views.decide, name="approval_decide"),
    path("<str:number>/forward", views.forward, name="approval_forward"),
    path("<str:number>/add", views.add, name="approval_add"),
    path("<str:number>/vote/<str:ballot>", views.vote, name="approval_vote"),
    path("<str:number>/close", views.close, name="approval_close"),
    path("<str:number>/withdraw", views.withdraw, name="approval_withdraw"),
]
