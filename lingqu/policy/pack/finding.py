"""Something in a pack that is not right: file, line, and what to do about it."""

from __future__ import annotations

import msgspec

from lingqu.base.refusal import Refusal
from lingqu.base.text import Text


class Finding(msgspec.Struct, frozen=True, order=True):
    """One thing to put right in a folder; `line` is 0 where it is about the whole file or folder."""

    file: str
    line: int
    zh: str
    en: str

    @property
    def text(self) -> Text:
        """Return the sentence in both languages, with file and line before it."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return Text(f"{place}：{self.zh}", f"{place}: {self.en}")


class BadPack(Refusal):
    """Raised for a pack that does not check: everything that is not right stands in `findings` and, line by line, in the text."""

    def __init__(self, folder: str, findings: tuple[Finding, ...]) -> None:
        """Make the refusal of a folder."""
        zh = "\n".join(finding.text.zh for finding in findings)
        en = "\n".join(finding.text.en for finding in findings)
        head = Text(f"制度包 {folder} 有 {len(findings)} 处须改正：", f"The pack {folder} has {len(findings)} things to put right:")
        super().__init__("bad_pack", Text(f"{head.zh}\n{zh}", f"{head.en}\n{en}"), status=422)
        self.findings = findings
