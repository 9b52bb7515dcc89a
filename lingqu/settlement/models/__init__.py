"""Bank files and statements."""

from lingqu.settlement.models.bank import BankBooking, BankFile, BankLine, BankProfile, BankUpload, PayerAccount
from lingqu.settlement.models.statements import Statement, StatementDispute

__all__ = ["BankBooking", "BankFile", "BankLine", "BankProfile", "BankUpload", "PayerAccount", "Statement", "StatementDispute"]
