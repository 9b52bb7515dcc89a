"""Addresses of returns and transfers."""

from __future__ import annotations

from django.urls import path

from lingqu.returns import views

urlpatterns = [
    path("returns/", views.returns, name="returns"),
    path("returns/new", views.return_new, name="return_new"),
    path("returns/template", views.return_template, name="return_template"),
    path("returns/left", views.return_left, name="return_left"),
    path("returns/<str:number>/", views.return_request, name="return_request"),
    path("returns/<str:number>/agree", views.return_agree, name="return_agree"),
    path("returns/<str:number>/refuse", views.return_refuse, name="return_refuse"),
    path("returns/<str:number>/send-up", views.return_send_up, name="return_send_up"),
    path("returns/<str:number>/count", views.return_count, name="return_count"),
    path("returns/<str:number>/withdraw", views.return_withdraw, name="return_withdraw"),
    path("returns/<str:number>/slip", views.return_slip, name="return_slip"),
    path("returns/<str:number>/files/<str:attachment>", views.return_file, name="return_file"),
    path("transfers/", views.transfers, name="transfers"),
    path("transfers/new", views.transfer_new, name="transfer_new"),
    path("transfers/template", views.transfer_template, name="transfer_template"),
    path("transfers/left", views.transfer_left, name="transfer_left"),
    path("transfers/<str:number>/", views.transfer, name="transfer"),
    path("transfers/<str:number>/again", views.transfer_again, name="transfer_again"),
    path("transfers/<str:number>/withdraw", views.transfer_withdraw, name="transfer_withdraw"),
    path("transfers/<str:number>/order", views.transfer_order, name="transfer_order"),
    path("transfers/<str:number>/confirm", views.transfer_confirm, name="transfer_confirm"),
    path("transfers/<str:number>/move", views.transfer_move, name="transfer_move"),
    path("transfers/<str:number>/paper", views.transfer_paper, name="transfer_paper"),
]
