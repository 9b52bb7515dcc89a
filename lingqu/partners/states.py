"""The papers without which a partner cannot order."""

from __future__ import annotations

from enum import StrEnum

from lingqu.base.text import Text


class PaperKind(StrEnum):
    """A paper of a partner that ends on a day: authorisation certificate, agency agreement, trade licence."""

    CERTIFICATE = "certificate"
    CONTRACT = "contract"
    LICENCE = "licence"


PAPER_WORDS = {
    PaperKind.CERTIFICATE: Text("授权证书", "Certificate"),
    PaperKind.CONTRACT: Text("代理合同", "Agency agreement"),
    PaperKind.LICENCE: Text("出版物经营许可证", "Trade licence"),
}
LAST_DAY_FIELDS = {
    PaperKind.CERTIFICATE: "certified_until",
    PaperKind.CONTRACT: "contract_until",
    PaperKind.LICENCE: "licence_until",
}
"""Where a partner keeps the last valid day of each paper; the number stands in the field of the kind's own name."""
PAPER_SUBJECT, SCANS = "partner_paper", "scans"
"""Under which name scans are kept, and the field in which they come."""
