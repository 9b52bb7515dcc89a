"""The regulation's pages: read it, see what it did, change it by a draft."""

from lingqu.policy.views.draft import draft_by_number, draft_page, drop, head, send, start, take_back
from lingqu.policy.views.edit import edit
from lingqu.policy.views.evidence import carrier_evidence, clause_evidence
from lingqu.policy.views.gaps import gaps
from lingqu.policy.views.parameters import benchmark, parameters, strike
from lingqu.policy.views.reading import issued_version, printed, regulation, regulation_pack, regulation_version
from lingqu.policy.views.versions import confirm, version_differences, version_list

__all__ = [
    "benchmark", "carrier_evidence", "clause_evidence", "confirm", "draft_by_number", "draft_page", "drop", "edit", "gaps", "head",
    "issued_version", "parameters", "printed", "regulation", "regulation_pack", "regulation_version", "send", "start", "strike",
    "take_back", "version_differences", "version_list",
]  # fmt: skip
