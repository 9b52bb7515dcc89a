"""Policy packs: folders of YAML files, one for each chapter; read, checked and written."""

from lingqu.policy.pack.finding import BadPack, Finding
from lingqu.policy.pack.read import (
    HASH_LENGTH,
    PACKS,
    Checked,
    check_pack,
    content_hash,
    read_pack,
    reference_of,
    stored_form,
)
from lingqu.policy.pack.schema import PACK_NAME
from lingqu.policy.pack.write import write_pack

__all__ = [
    "HASH_LENGTH", "PACKS", "PACK_NAME", "BadPack", "Checked", "Finding", "check_pack", "content_hash", "read_pack", "reference_of",
    "stored_form", "write_pack",
]  # fmt: skip
