"""Addresses of home, search, partners, credit desk and special prices; of sign-ins, tokens and stand-ins."""

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
    path("accounts/security/", views.security, name="security"),
    path("accounts/security/sessions/<int:session>/end", views.session_end, name="session_end"),
    path("accounts/security/sessions/end-others", views.sessions_end_others, name="sessions_end_others"),
    path("accounts/security/password", views.password_change, name="password_change"),
    path("accounts/security/factor", views.factor_on, name="factor_on"),
    path("accounts/security/factor/codes", views.factor_codes, name="factor_codes"),
    path("accounts/security/factor/off", views.factor_off, name="factor_off"),
    path("accounts/people/", views.people, name="people"),
    path("accounts/people/<str:code>/", views.firm_people, name="firm_people"),
    path("accounts/invitations/<int:invitation>/withdraw", views.invitation_withdraw, name="invitation_withdraw"),
    path("accounts/people/<int:person>/reset", views.person_reset, name="person_reset"),
    path("accounts/people/<int:person>/disable", views.person_disable, name="person_disable"),
    path("accounts/people/<int:person>/enable", views.person_enable, name="person_enable"),
    path("accounts/people/<int:person>/end-sessions", views.person_sessions_end, name="person_sessions_end"),
    path("accounts/people/<int:person>/factor-off", views.person_factor_off, name="person_factor_off"),
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
