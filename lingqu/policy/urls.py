"""Addresses of the regulation. A version is `v3`, or `draft`; a place in it is a clause or an article."""

from __future__ import annotations

from django.urls import path, re_path

from lingqu.policy import views

PACK = r"(?P<pack>[a-z][a-z0-9_-]{0,29})"
KEY = r"(?P<key>v[0-9]{1,9}|draft)"

urlpatterns = [
    path("", views.regulation, name="regulation"),
    path("drafts/<int:number>/", views.draft_by_number, name="regulation_draft_number"),
    re_path(rf"^versions/{PACK}/(?P<number>[0-9]{{1,9}})/$", views.issued_version, name="regulation_issued"),
    path("<slug:pack>/", views.regulation_pack, name="regulation_pack"),
    path("<slug:pack>/parameters", views.parameters, name="regulation_parameters"),
    path("<slug:pack>/parameters/<slug:name>/benchmark", views.benchmark, name="regulation_benchmark"),
    path("<slug:pack>/parameters/<slug:name>/benchmark/<str:number>/strike", views.strike, name="regulation_strike"),
    path("<slug:pack>/gaps", views.gaps, name="regulation_gaps"),
    path("<slug:pack>/versions", views.version_list, name="regulation_versions"),
    path("<slug:pack>/differences", views.version_differences, name="regulation_differences"),
    path("<slug:pack>/draft", views.draft_page, name="regulation_draft"),
    path("<slug:pack>/draft-start", views.start, name="regulation_start_draft"),
    path("<slug:pack>/draft-head", views.head, name="regulation_draft_head"),
    path("<slug:pack>/draft-send", views.send, name="regulation_send_draft"),
    path("<slug:pack>/draft-take-back", views.take_back, name="regulation_take_back_draft"),
    path("<slug:pack>/draft-drop", views.drop, name="regulation_drop_draft"),
    path("<slug:pack>/draft/edit/<slug:kind>/<str:key>", views.edit, name="regulation_edit"),
    re_path(rf"^{PACK}/{KEY}/$", views.regulation_version, name="regulation_version"),
    re_path(rf"^{PACK}/{KEY}/print$", views.printed, name="regulation_print"),
    re_path(rf"^{PACK}/{KEY}/read$", views.confirm, name="regulation_confirm_reading"),
    re_path(rf"^{PACK}/{KEY}/evidence/(?P<kind>[a-z]+)/(?P<name>[\w.-]+)$", views.carrier_evidence, name="regulation_evidence"),
    re_path(rf"^{PACK}/{KEY}/(?P<place>[\w.-]+)/evidence$", views.clause_evidence, name="regulation_clause_evidence"),
    re_path(rf"^{PACK}/{KEY}/(?P<place>[\w.-]+)$", views.regulation_version, name="regulation_clause"),
]
