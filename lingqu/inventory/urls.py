"""Addresses of stock."""

from __future__ import annotations

from django.urls import path

from lingqu.inventory import views

urlpatterns = [
    path("", views.stock, name="stock"),
    path("in", views.goods_in, name="goods_in"),
    path("in/<str:number>/", views.goods_paper, name="goods_paper"),
    path("titles/<str:code>/", views.lots, name="stock_lots"),
    path("counts/", views.counts, name="stock_counts"),
    path("counts/new", views.count_new, name="stock_count_new"),
    path("counts/<str:number>/", views.count, name="stock_count"),
    path("counts/<str:number>/send", views.count_send, name="stock_count_send"),
    path("counts/<str:number>/give-up", views.count_give_up, name="stock_count_give_up"),
    path("counts/<str:number>/sheet", views.count_sheet, name="stock_count_sheet"),
    path("counts/<str:number>/file", views.count_file, name="stock_count_file"),
]
