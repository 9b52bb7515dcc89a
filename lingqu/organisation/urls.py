"""Sign-in and sign-out; the rest of the library's pages stays closed."""

from __future__ import annotations

from allauth.account.views import login, logout
from django.urls import path

urlpatterns = [
    path("login/", login, name="account_login"),
    path("logout/", logout, name="account_logout"),
]
