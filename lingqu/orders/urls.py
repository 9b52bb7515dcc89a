"""Addresses of purchase requests."""

from __future__ import annotations

from django.urls import path

from lingqu.orders import views

urlpatterns = [
    path("", views.listing, name="orders"),
    path("sums", views.sums, name="orders_sums"),
    path("new", views.enter, name="order_new"),
    path("lines", views.fill, name="order_lines"),
    path("totals", views.preview, name="order_totals"),
    path("<str:number>/", views.show, name="order"),
    path("<str:number>/accept", views.accept, name="order_accept"),
    path("<str:number>/decline", views.decline, name="order_decline"),
    path("<str:number>/withdraw", views.withdraw, name="order_withdraw"),
    path("<str:number>/decide", views.decide_again, name="order_decide"),
    path("<str:number>/waive", views.waive, name="order_waive"),
    path("<str:number>/ship", views.ship, name="order_ship"),
]
