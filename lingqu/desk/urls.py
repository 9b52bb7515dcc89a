"""Addresses of home and of the partners."""

from __future__ import annotations

from django.urls import path

from lingqu.desk import views

urlpatterns = [
    path("", views.home, name="home"),
    path("desk/<str:number>/", views.task, name="task"),
    path("desk/<str:number>/accept", views.accept, name="task_accept"),
    path("desk/<str:number>/decline", views.decline, name="task_decline"),
    path("desk/<str:number>/again", views.again, name="task_again"),
    path("desk/<str:number>/waive", views.waive, name="task_waive"),
    path("desk/<str:number>/ship", views.ship, name="task_ship"),
    path("accounts/delegations/", views.delegations, name="delegations"),
    path("accounts/delegations/<int:delegation>/end", views.end, name="delegation_end"),
    path("partners/", views.partners, name="partners"),
    path("partners/<str:code>/", views.partner, name="partner"),
]
