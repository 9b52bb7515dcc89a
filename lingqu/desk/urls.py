"""Addresses of home and of the partners."""

from __future__ import annotations

from django.urls import path

from lingqu.desk import views

urlpatterns = [
    path("", views.home, name="home"),
    path("search", views.search, name="search"),
    path("search/opened", views.search_opened, name="search_opened"),
    path("people/<int:person>/", views.person, name="person"),
    path("desk/<str:number>/", views.task, name="task"),
    path("desk/<str:number>/accept", views.accept, name="task_accept"),
    path("desk/<str:number>/decline", views.decline, name="task_decline"),
    path("desk/<str:number>/again", views.again, name="task_again"),
    path("desk/<str:number>/waive", views.waive, name="task_waive"),
    path("desk/<str:number>/ship", views.ship, name="task_ship"),
    path("accounts/delegations/", views.delegations, name="delegations"),
    path("accounts/delegations/<int:delegation>/end", views.end, name="delegation_end"),
    path("accounts/tokens/", views.tokens, name="tokens"),
    path("accounts/tokens/<str:prefix>/revoke", views.revoke, name="token_revoke"),
    path("credit/", views.credit_desk, name="credit_desk"),
    path("credit/open-batches", views.credit_desk_documents, name="credit_desk_documents"),
    path("credit/views/keep", views.credit_desk_keep, name="credit_desk_keep"),
    path("credit/views/<int:view>/drop", views.credit_desk_drop, name="credit_desk_drop"),
    path("credit/signatures", views.signatures, name="signatures"),
    path("special-prices/", views.specials, name="specials"),
    path("special-prices/new", views.special_new, name="special_new"),
    path("special-prices/<str:number>/", views.special_price, name="special_price"),
    path("special-prices/<str:number>/revise", views.special_revise, name="special_revise"),
    path("special-prices/<str:number>/withdraw", views.special_withdraw, name="special_withdraw"),
    path("special-prices/<str:number>/end", views.special_end, name="special_end"),
    path("partners/", views.partners, name="partners"),
    path("partners/<str:code>/", views.partner, name="partner"),
    path("partners/<str:code>/papers/", views.partner_papers, name="partner_papers"),
    path("partners/<str:code>/papers/<int:paper>/<int:attachment>", views.partner_paper_scan, name="partner_paper_scan"),
]
