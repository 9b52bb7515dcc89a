"""Reads of the regulation: versions, drafts, who has read, what competitors do, and what really happened under a clause."""

from lingqu.policy.queries.drafts import (
    Benchmarked,
    Changed,
    ReadingRow,
    Readings,
    benchmarks,
    draft,
    draft_changes,
    draft_regulation,
    draft_writers,
    open_draft,
    own_unread,
    readings,
)
from lingqu.policy.queries.evidence import (
    Evidence,
    EvidenceAsk,
    EvidenceSource,
    MonthCount,
    Sample,
    evidence_counts,
    evidence_of,
    register_evidence,
)
from lingqu.policy.queries.registers import (
    Measure,
    MeasureReader,
    RegisteredCarrier,
    carrier_entry,
    clause_states,
    register_carrier,
    register_measure,
)
from lingqu.policy.queries.versions import (
    DEFAULT_PACK,
    VersionRow,
    adopted_pack,
    installed_packs,
    issuers,
    newest_version,
    regulation_by_reference,
    regulation_in_force,
    version,
    versions,
)

__all__ = [
    "DEFAULT_PACK", "Benchmarked", "Changed", "Evidence", "EvidenceAsk", "EvidenceSource", "Measure", "MeasureReader", "MonthCount",
    "ReadingRow", "Readings", "RegisteredCarrier", "Sample", "VersionRow", "adopted_pack", "benchmarks", "carrier_entry",
    "clause_states", "draft", "draft_changes", "draft_regulation", "draft_writers", "evidence_counts", "evidence_of",
    "installed_packs", "issuers", "newest_version", "open_draft", "own_unread", "readings",
    "register_carrier", "register_evidence", "register_measure", "regulation_by_reference", "regulation_in_force",
    "version", "versions",
]  # fmt: skip
