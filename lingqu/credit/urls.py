"""Addresses of credit: receipts, batches, write-offs, grades, proposals, terms, groups, holds and collecting."""

from __future__ import annotations

from django.urls import path

from lingqu.credit import views

urlpatterns = [
    path("receipts/", views.receipts, name="receipts"),
    path("receipts/new", views.receipt_new, name="receipt_new"),
    path("receipts/preview", views.receipt_preview, name="receipt_preview"),
    path("receipts/<str:number>/", views.receipt, name="receipt"),
    path("receipts/<str:number>/reverse", views.receipt_reverse, name="receipt_reverse"),
    path("credit/batches/<int:place>/", views.batch, name="batch"),
    path("credit/batches/<int:place>/write-off", views.batch_write_off, name="batch_write_off"),
    path("credit/batches/<int:place>/dispute", views.batch_dispute, name="batch_dispute"),
    path("credit/write-offs/<str:number>/", views.write_off, name="write_off"),
    path("credit/write-offs/<str:number>/revise", views.write_off_revise, name="write_off_revise"),
    path("credit/write-offs/<str:number>/withdraw", views.write_off_withdraw, name="write_off_withdraw"),
    path("partners/<str:code>/unapplied", views.unapplied, name="unapplied"),
    path("partners/<str:code>/grade", views.grade_change, name="grade_change"),
    path("partners/<str:code>/credit", views.credit_change, name="credit_change"),
    path("partners/<str:code>/credit/preview", views.credit_preview, name="credit_preview"),
    path("partners/<str:code>/proposals", views.proposals, name="proposals"),
    path("credit/proposals/<str:number>/", views.proposal, name="proposal"),
    path("credit/proposals/<str:number>/revise", views.proposal_revise, name="proposal_revise"),
    path("credit/proposals/<str:number>/withdraw", views.proposal_withdraw, name="proposal_withdraw"),
    path("partners/<str:code>/terms", views.terms, name="terms"),
    path("branch/terms/", views.branch_terms, name="branch_terms"),
    path("branch/terms/<str:number>/", views.terms_paper, name="terms_paper"),
    path("branch/terms/<str:number>/withdraw", views.terms_withdraw, name="terms_withdraw"),
    path("credit/groups/", views.groups, name="credit_groups"),
    path("credit/groups/new", views.group_new, name="credit_group_new"),
    path("credit/groups/proposals/<str:number>/", views.group_proposal, name="credit_group_proposal"),
    path("credit/groups/proposals/<str:number>/revise", views.group_revise, name="credit_group_revise"),
    path("credit/groups/proposals/<str:number>/withdraw", views.group_withdraw, name="credit_group_withdraw"),
    path("credit/groups/<str:number>/", views.group, name="credit_group"),
    path("credit/groups/<str:number>/change", views.group_change, name="credit_group_change"),
    path("credit/holds/", views.holds, name="holds"),
    path("credit/holds/<str:number>/", views.hold, name="hold"),
    path("credit/holds/<str:number>/ask", views.hold_ask, name="hold_ask"),
    path("credit/holds/<str:number>/withdraw", views.hold_withdraw, name="hold_withdraw"),
    path("credit/holds/<str:number>/stop", views.hold_tighten, name="hold_tighten"),
    path("credit/holds/<str:number>/case", views.hold_case, name="hold_case"),
    path("credit/holds/<str:number>/files/<int:attachment>", views.hold_file, name="hold_file"),
    path("credit/collection/<str:code>/", views.collection, name="collection"),
    path("partners/<str:code>/hold", views.hold_set, name="hold_set"),
]
