"""The verbs of the regulation: write the next version, send it, issue it, confirm having read it; install and adopt packs."""

from lingqu.policy.actions.drafts import drop_draft, edit_draft, set_reasons, start_draft
from lingqu.policy.actions.installing import adopt_pack, install_pack
from lingqu.policy.actions.issuing import on_approval_moved
from lingqu.policy.actions.reading import NewBenchmark, confirm_reading, note_benchmark, strike_benchmark
from lingqu.policy.actions.sending import Head, send_draft, take_back_draft

__all__ = [
    "Head", "NewBenchmark", "adopt_pack", "confirm_reading", "drop_draft", "edit_draft", "install_pack", "note_benchmark",
    "on_approval_moved", "send_draft", "set_reasons", "start_draft", "strike_benchmark", "take_back_draft",
]  # fmt: skip
