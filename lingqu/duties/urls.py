"""Addresses of the duties."""

from __future__ import annotations

from django.urls import path

from lingqu.duties import views

urlpatterns = [
    path("", views.duties, name="duties"),
    path("calendar", views.duty_calendar, name="duty_calendar"),
    path("remind", views.remind_all, name="duties_remind"),
    path("working-calendar", views.working_calendar_page, name="working_calendar"),
    path("working-calendar/template.csv", views.holiday_template, name="holiday_template"),
    path("<int:duty>/", views.duty, name="duty"),
    path("<int:duty>/hand-in", views.hand_in_paper, name="duty_hand_in"),
    path("<int:duty>/ask-again", views.ask_again, name="duty_ask_again"),
    path("<int:duty>/void", views.void, name="duty_void"),
    path("papers/<int:paper>/remark", views.remark, name="paper_remark"),
    path("files/<int:attachment>", views.attachment, name="paper_file"),
]
