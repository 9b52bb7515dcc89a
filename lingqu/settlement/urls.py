"""Addresses of bank files, bank lines and statements."""

from __future__ import annotations

from django.urls import path

from lingqu.settlement import views

urlpatterns = [
    path("bank/", views.bank, name="bank"),
    path("bank/book", views.bank_book, name="bank_book"),
    path("bank/new", views.bank_new, name="bank_new"),
    path("bank/uploads/<int:upload>/", views.bank_upload, name="bank_upload"),
    path("bank/files/", views.bank_files, name="bank_files"),
    path("bank/files/<str:number>/", views.bank_file, name="bank_file"),
    path("bank/files/<str:number>/original", views.bank_original, name="bank_original"),
    path("bank/lines/<int:line>/", views.bank_line, name="bank_line"),
    path("bank/lines/<int:line>/book", views.bank_line_book, name="bank_line_book"),
    path("bank/lines/<int:line>/aside", views.bank_line_aside, name="bank_line_aside"),
    path("bank/lines/<int:line>/up", views.bank_line_up, name="bank_line_up"),
    path("bank/lines/<int:line>/unbook", views.bank_line_unbook, name="bank_line_unbook"),
    path("statements/", views.statements, name="statements"),
    path("statements/issue", views.statements_issue, name="statements_issue"),
    path("partners/<str:code>/statement", views.statement, name="statement"),
    path("partners/<str:code>/statement/pdf", views.statement_pdf, name="statement_pdf"),
    path("partners/<str:code>/statement/excel", views.statement_excel, name="statement_excel"),
    path("partners/<str:code>/statement/file", views.statement_json, name="statement_json"),
    path("partners/<str:code>/statement/<slug:verb>", views.statement_verb, name="statement_verb"),
]
