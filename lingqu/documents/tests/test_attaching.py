"""Files of documents: what is taken, what is the same file, how many, who gets it, and two at once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections, transaction
from django.db.utils import ProgrammingError

from lingqu.audit.models import Fact
from lingqu.base.refusal import Refusal
from lingqu.documents.actions import attach
from lingqu.documents.models import Attachment
from lingqu.documents.queries import attachment_content, attachments_of
from lingqu.documents.rules import MOST_ATTACHMENTS, MOST_BYTES, NewFile
from tests.pages import counted
from tests.world import World, build_world

PDF = b"%PDF-1.7\n" + bytes(20)
HEIC = b"\x00\x00\x00\x18ftypheic" + bytes(20)


def file(number: int, name: str = "") -> NewFile:
    return NewFile(name or f"{number}.pdf", PDF + number.to_bytes(2, "big"))


def add(world: World, *files: NewFile, document: int = 7, role: str = "contract", by: str = "manager") -> list[Attachment]:
    return attach("order", document, role, files, by=world.who(by), at=world.at)


def test_files_are_kept_with_who_and_when_and_what(world: World) -> None:
    absent = world.people["director"].pk
    (kept,) = attach("order", 7, "contract", [NewFile("../合同.pdf", PDF)], by=world.who("manager"), at=world.at, on_behalf_of=absent)
    (seen,) = attachments_of("order", [7])[7]
    manager, director = world.people["manager"], world.people["director"]
    assert (seen.id, seen.role, seen.name, seen.media_type, seen.size) == (kept.pk, "contract", "合同.pdf", "application/pdf", len(PDF))
    assert (seen.added_by, seen.added_by_name, seen.added_at) == (manager.pk, manager.name, world.at)
    assert (seen.on_behalf_of, seen.on_behalf_of_name) == (director.pk, director.name)
    assert seen.sha256 == hashlib.sha256(PDF).hexdigest()
    found = attachment_content(kept.pk, kind="order", document=7)
    assert (found.name, found.media_type, found.content) == ("合同.pdf", "application/pdf", PDF)
    fact = Fact.objects.get(verb="attach")
    assert (fact.subject, fact.subject_id, fact.person, fact.on_behalf_of) == ("order", 7, manager.pk, director.pk)
    assert fact.after == {"role": "contract", "files": [{"name": "合同.pdf", "sha256": seen.sha256}]}


def test_the_same_bytes_again_are_the_same_attachment(world: World) -> None:
    first = add(world, file(1), file(2), file(1, "again.pdf"))
    again = add(world, file(1, "renamed.pdf"), by="director")
    assert [one.pk for one in first] == [first[0].pk, first[1].pk, first[0].pk]
    assert ([one.pk for one in again], again[0].name, Fact.objects.filter(verb="attach").count()) == ([first[0].pk], "1.pdf", 1)
    others = [add(world, file(1), role="countersigned"), add(world, file(1), document=8)]
    assert len({first[0].pk, *(one.pk for (one,) in others)}) == 3


@pytest.mark.parametrize(
    ("files", "word"),
    [
        ([NewFile("a.exe", PDF)], "类型不收"),
        ([NewFile("a.pdf", b"")], "空文件"),
        ([NewFile("a.png", PDF)], "不是 PNG"),
        ([NewFile("IMG_1.HEIC", HEIC)], "HEIC"),
        ([NewFile("IMG_1.jpg", HEIC)], "JPEG 再交"),
        ([NewFile("a.pdf", PDF + bytes(MOST_BYTES))], "10 MB"),
        ([file(n) for n in range(6)], "最多 5 个"),
        ([file(1), NewFile("b.svg", b"<svg/>")], "b.svg"),
    ],
)
def test_what_is_not_taken_is_refused_and_nothing_is_attached(world: World, files: list[NewFile], word: str) -> None:
    with pytest.raises(Refusal) as told:
        attach("order", 7, "contract", files, by=world.who("manager"), at=world.at, field="contract")
    assert (told.value.status, told.value.field, word in told.value.text.zh) == (422, "contract", True)
    assert not Attachment.objects.exists()


def test_a_document_has_fifty_files_and_the_same_ones_still_come(world: World) -> None:
    for start in range(0, MOST_ATTACHMENTS, 5):
        add(world, *(file(n) for n in range(start, start + 5)))
    with pytest.raises(Refusal, match="at most 50"):
        add(world, file(99))
    assert [one.name for one in add(world, file(3))] == ["3.pdf"]
    add(world, file(99), document=8)
    assert Attachment.objects.count() == MOST_ATTACHMENTS + 1


@pytest.mark.parametrize(
    ("kind", "role"), [("Order", "contract"), ("order", ""), ("o" * 21, "contract"), ("order", "a b"), ("order", "合同")]
)
def test_a_kind_or_role_that_is_no_word_is_a_defect(world: World, kind: str, role: str) -> None:
    with pytest.raises(ValueError, match="no word"):
        attach(kind, 7, role, [file(1)], by=world.who("manager"), at=world.at)


def test_every_document_has_its_list_in_one_statement(world: World) -> None:
    add(world, file(1), file(2))
    add(world, file(3), document=8)
    attach("receipt", 7, "evidence", [file(4)], by=world.who("manager"), at=world.at)
    with counted() as statements:
        found = attachments_of("order", [7, 8, 9])
    assert {document: [one.name for one in files] for document, files in found.items()} == {7: ["1.pdf", "2.pdf"], 8: ["3.pdf"], 9: []}
    assert len(statements) == 1
    assert attachments_of("order", []) == {}


def test_a_file_is_got_by_its_own_document_only(world: World) -> None:
    (kept,) = add(world, file(1))
    for attachment, kind, document in [
        (kept.pk, "order", 8),
        (kept.pk, "receipt", 7),
        (0, "order", 7),
        (2**70, "order", 7),
        (-1, "order", 7),
    ]:
        with pytest.raises(Refusal) as told:
            attachment_content(attachment, kind=kind, document=document)
        assert told.value.status == 404


@pytest.mark.parametrize("change", [lambda found: found.update(name="other.pdf"), lambda found: found.delete()], ids=["update", "delete"])
def test_what_is_attached_is_never_changed(world: World, change: Callable[[object], object]) -> None:
    add(world, file(1))
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        change(Attachment.objects.all())


def at_once(deed: Callable[[int], object], many: int) -> list[object]:
    """Do a deed many times at the same moment, each on its own connection; a refusal is answered by its code."""
    start = Barrier(many)

    def one(number: int) -> object:
        try:
            start.wait(60)
            return deed(number)
        except Refusal as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(many) as pool:
        return list(pool.map(one, range(many)))


def test_the_same_file_from_many_at_once_is_kept_once(race_database: str) -> None:
    world = build_world()
    found = at_once(lambda number: add(world, file(1, f"{number}.pdf"))[0].pk, 8)
    assert (len(set(found)), Attachment.objects.count(), Fact.objects.filter(verb="attach").count()) == (1, 1, 1)


def fill_up_from_many_sides() -> tuple[list[str], int]:
    """Give a document 45 files and then five more from four sides at once: what each was told, and how many files there are."""
    world = build_world()
    for start in range(0, MOST_ATTACHMENTS - 5, 5):
        add(world, *(file(n) for n in range(start, start + 5)))
    told = at_once(lambda number: len(add(world, *(file(100 + 5 * number + n) for n in range(5)))), 4)
    return sorted(map(str, told)), Attachment.objects.count()


def test_fifty_are_fifty_when_many_come_at_once(race_database: str) -> None:
    assert fill_up_from_many_sides() == (["5", *["bad_input"] * 3], MOST_ATTACHMENTS)


def test_without_the_lock_they_would_be_more(race_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    together = Barrier(4)

    def wait_for_the_others(_: str, place: tuple[str, int]) -> None:
        if Attachment.objects.filter(document_id=place[1]).count() == MOST_ATTACHMENTS - 5:
            together.wait(60)

    monkeypatch.setattr("lingqu.documents.actions.attaching.run", wait_for_the_others)
    assert fill_up_from_many_sides()[1] > MOST_ATTACHMENTS
