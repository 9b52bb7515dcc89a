"""Open to who is not signed in: sign-in, sign-out, the second factor, links used once. The library's other pages stay closed."""

from __future__ import annotations

from allauth.account.views import login, logout
from django.urls import path

from lingqu.organisation import views

urlpatterns = [
    path("login/", login, name="account_login"),
    path("logout/", logout, name="account_logout"),
    path("login/code", views.second_factor, name="second_factor"),
    path("login/enrol", views.second_factor_enrol, name="second_factor_enrol"),
    path("invitation/<str:secret>", views.invitation, name="invitation"),
    path("reset/<str:secret>", views.reset_link, name="reset_link"),
]
