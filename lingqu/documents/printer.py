"""Set one paper: reads what to print on standard input, writes the PDF to standard output, and ends. Run by `printing` alone."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from lingqu.base.child import limit_self

MEGABYTES = 1_024
SECONDS = 20
FACES = {"Noto Sans SC", "Noto Serif SC"}
ROOT = Path(__file__).resolve().parent.parent


class Job(msgspec.Struct, frozen=True):
    """What to print: the template's path inside the package, the data as JSON, the language, and the moment it is dated, in seconds."""

    template: str
    data: str
    language: str
    moment: int


def main() -> None:
    """Print what standard input asks for."""
    limit_self(megabytes=MEGABYTES, seconds=SECONDS)
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=Job)
    sys.stdout.buffer.write(set_paper(job))


def set_paper(job: Job) -> bytes:
    """Return the PDF. The data reach the template as a value, never as markup; no font and no file of the machine is used."""
    # Loaded here, under the limits.
    import typst  # noqa: PLC0415
    from pylopdf_fonts_zh_cn import sans_path, serif_path  # noqa: PLC0415

    folders = sorted({sans_path().parent, serif_path().parent})
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder) for folder in folders])
    # Without its faces a paper would be blank, and nobody told.
    if set(fonts.families()) != FACES:
        message = f"the faces {sorted(FACES)} are wanted, found are {fonts.families()}"
        raise RuntimeError(message)
    compiler = typst.Compiler(
        str(ROOT / job.template), root=str(ROOT), font_paths=fonts, sys_inputs={"data": job.data, "language": job.language}
    )
    made = compiler.compile(format="pdf", timestamp=job.moment)
    if not isinstance(made, bytes):
        message = f"{job.template} gave no PDF"
        raise TypeError(message)
    return made


if __name__ == "__main__":
    main()
