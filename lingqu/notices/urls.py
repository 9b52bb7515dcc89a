"""Addresses of the notices."""

from __future__ import annotations

from django.urls import path

from lingqu.notices import views

urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("read", views.notices_read, name="notices_read"),
    path("<int:notice>/open", views.notice_open, name="notice_open"),
    path("settings", views.settings, name="notice_settings"),
    path("channels", views.channels, name="channels"),
    path("channels/new", views.channel_new, name="channel_new"),
    path("channels/<int:channel>", views.channel_edit, name="channel_edit"),
    path("channels/<int:channel>/switch", views.channel_switch, name="channel_switch"),
    path("channels/<int:channel>/try", views.channel_try, name="channel_try"),
    path("channels/tests/<int:sending>", views.channel_test, name="channel_test"),
]
