"""The words in which every module declares who may come to its addresses and who sees its rows: plain data, closed by default.

A module's `access.py` holds `ROUTES` (name of an address to `Entry`) and `MODELS` (name of a model to `Sight`). `config` collects them,
and the server does not start while an address or a model has none (docs/decisions/0027).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

import msgspec

READING = ("GET", "HEAD")
WRITING = ("POST",)
SIGNED_IN, API_TOKEN, OPEN = "signed in", "token", "open"


class Way(msgspec.Struct, frozen=True):
    """One way in: a kind of firm, a post, and what the object in the address is to the person. What is empty asks for nothing.

    `kinds` are kinds of the person's firm, `posts` are posts at that firm, own or lent. `relation` names what the object must be:
    `seller`, `buyer`, `party` (either), `own` (of the firm), `person` (of the person), `asker`, `signer`, `viewer`; the queries and
    predicates of the module hold it, and the generated matrix proves that they do.
    """

    kinds: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    relation: str = ""


class Once(StrEnum):
    """How what is sent to an address is kept from being done twice (docs/decisions/0032).

    `form`: each form carries a key and is done once; `alike`: it also makes something of its own, so that an equal form within ten
    minutes is asked about before it makes a second one; `own`: the document itself keeps the key of its form.
    """

    FORM = "form"
    ALIKE = "alike"
    OWN = "own"


class Entry(msgspec.Struct, frozen=True):
    """Who may come to an address: the ways to read it (GET) and to write to it (POST). Nothing declared, nobody comes.

    `door` says who is let up to the ways at all: people signed in, other systems with a token, or everybody (`why` says the reason).
    Fragments are answered by the same addresses, so they have the same ways. `scopes` are those that a token needs for reading and writing.
    """

    read: tuple[Way, ...] = ()
    write: tuple[Way, ...] = ()
    door: str = SIGNED_IN
    why: str = ""
    scopes: tuple[str, str] = ("", "")
    absent: bool = False
    """For kinds of firm that none of its ways names it is as if it were not there (404), even where a post would be asked for."""

    postless: bool = False
    """Open to people who hold no post today too: what is about their own sign-in, and about nothing of a firm."""

    once: Once = Once.FORM

    @property
    def methods(self) -> tuple[str, ...]:
        """Return the methods that the address answers."""
        return (READING if self.read else ()) + (WRITING if self.write else ())

    def ways(self, method: str) -> tuple[Way, ...]:
        """Return the ways for a method; none for one that the address does not answer."""
        return self.read if method in READING else self.write if method in WRITING else ()


class Coming(StrEnum):
    """What the coarse part of a declaration says: by method, kind of firm and posts.

    `kind`: the address is nothing for this kind of firm, as if it were not there; `post`: it is somebody else's to do.
    """

    YES = "yes"
    METHOD = "method"
    KIND = "kind"
    POST = "post"


class Seen(msgspec.Struct, frozen=True):
    """Whose people see a row: those of the firm in a column (a look-up such as `line__seller`), all of them or some posts."""

    column: str
    posts: tuple[str, ...] = ()
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Only rows in which a column holds one of these values, such as special prices that were granted."""


class Sight(msgspec.Struct, frozen=True):
    """Who sees the rows of a model, and which fields fewer people see.

    `firms` and `people` are ways to see a row (look-ups to a firm and to a person); `everybody` is reference data, open to who is signed
    in; `through` names other rows with which these are shown and never alone; `never` says why nobody is shown them at all.
    `inside` are fields that only people of the first firm see, `hidden` those that no answer ever holds. Nothing declared: an error.
    """

    firms: tuple[Seen, ...] = ()
    people: tuple[str, ...] = ()
    everybody: bool = False
    through: str = ""
    never: str = ""
    inside: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()


ANYBODY = (Way(),)
"""Everybody who is signed in."""

_routes: dict[str, Entry] = {}
_models: dict[str, Sight] = {}


def declare(routes: Mapping[str, Entry], models: Mapping[str, Sight]) -> None:
    """Add the declarations of a module; `models` by label, such as `orders.Order`. The same name twice is an error."""
    for known, new in ((_routes, routes), (_models, models)):
        twice = sorted(name for name in new if name in known and known[name] is not new[name])
        if twice:
            message = f"declared twice: {', '.join(twice)}"
            raise ValueError(message)
    _routes.update(routes)
    _models.update(models)


def entry_for(name: str) -> Entry | None:
    """Return the declaration of an address, None when there is none."""
    return _routes.get(name)


def sight_for(label: str) -> Sight | None:
    """Return the declaration of a model by its label, None when there is none."""
    return _models.get(label)


def declared_routes() -> Mapping[str, Entry]:
    """Return all declared addresses by name."""
    return dict(_routes)


def declared_models() -> Mapping[str, Sight]:
    """Return all declared models by label."""
    return dict(_models)


def coming(entry: Entry, method: str, *, kind: str, posts: Collection[str]) -> Coming:
    """Return whether somebody of a kind of firm with these posts there may come at all; the object in the address is not looked at."""
    ways = entry.ways(method)
    if not ways:
        return Coming.METHOD
    of_kind = [way for way in ways if not way.kinds or kind in way.kinds]
    if not of_kind and (entry.absent or not any(way.posts for way in ways)):
        return Coming.KIND
    return Coming.YES if any(not way.posts or not set(posts).isdisjoint(way.posts) for way in of_kind) else Coming.POST


def reading(*ways: Way) -> Entry:
    """Return an entry that is only read."""
    return Entry(read=ways)


def writing(*ways: Way, once: Once = Once.FORM) -> Entry:
    """Return an entry that only takes what is sent."""
    return Entry(write=ways, once=once)


def both(*ways: Way, once: Once = Once.FORM) -> Entry:
    """Return an entry that is read and written to by the same people: a form and its sending."""
    return Entry(read=ways, write=ways, once=once)


def open_to_all(why: str, *, read: bool = True, write: bool = False) -> Entry:
    """Return an entry for which nobody needs to sign in, with the reason."""
    return Entry(read=ANYBODY if read else (), write=ANYBODY if write else (), door=OPEN, why=why)


def for_tokens(*, read: str = "", write: str = "", ways: Iterable[Way] = ANYBODY) -> Entry:
    """Return an entry of the interface for other systems: the scope that a token needs to read and to write, empty where it answers not.

    An operation is declared as `api:` and its name in the address; where one address has several methods the first operation names it.
    """
    found = tuple(ways)
    return Entry(read=found if read else (), write=found if write else (), door=API_TOKEN, scopes=(read, write))
