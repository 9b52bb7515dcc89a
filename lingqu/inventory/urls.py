"""Addresses of stock."""

from __future__ import annotations

from django.urls import path

from lingqu.inventory import views

urlpatterns = [
    path("", views.stock, name="stock"),
    path("in", views.goods_in, name="goods_in"),
]
