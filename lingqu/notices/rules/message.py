"""A message, and its words as they leave the product: amounts hidden in groups, no longer than a channel takes."""

from __future__ import annotations

import re

import msgspec

from lingqu.base.text import Language, Text

MOST_KEY = 120
MOST_KIND = 30
MOST_LINK = 300
MOST_TITLE = 200
MOST_BODY = 2_000
HIDDEN = "***"


class Message(msgspec.Struct, frozen=True):
    """What people are told. `key` is a stable id: the same key is one notice for a person, however often it is told.

    `kind` says what it is about (KIND_WORDS), `link` is a path in the product. Raises ValueError for a wrong key, kind or link.
    """

    key: str
    kind: str
    title: Text
    body: Text = Text("", "")
    link: str = ""
    urgent: bool = False

    def __post_init__(self) -> None:
        """Refuse what could not be stored, or would lead people away from the product."""
        if not 1 <= len(self.key) <= MOST_KEY or "\x00" in self.key or not 1 <= len(self.kind) <= MOST_KIND:
            message = f"a message needs a key of 1 to {MOST_KEY} and a kind of 1 to {MOST_KIND} characters: {self.key!r}, {self.kind!r}"
            raise ValueError(message)
        if self.link and (len(self.link) > MOST_LINK or not re.fullmatch(r"/(?![/\\])[^\s\\\x00-\x1f]*", self.link)):
            message = f"a message links to a path in the product: {self.link!r}"
            raise ValueError(message)


def clean(words: str, most: int) -> str:
    """Return words without control characters (lines stay) and at most `most` characters long; what was cut ends with …."""
    plain = re.sub(r"[\x00-\x09\x0b-\x1f\x7f\u2028\u2029\ud800-\udfff]", " ", words.replace("\r\n", "\n")).strip()
    return plain if len(plain) <= most else plain[: most - 1] + "…"


_DIGITS = r"\d(?:[,，.．]?\d)*"
_HIDE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # a sign or a word of money before the number
        rf"(?P<before>[¥￥$€]\s*|(?:RMB|CNY|人民币)\s*){_DIGITS}\s*[十百千万亿]*",
        # 元 or yuan behind it, with 万 or 亿 between
        rf"{_DIGITS}(?:\s*[十百千万亿]+)?(?P<after>\s*(?:元|圆|yuan\b|RMB\b|CNY\b))",
        # the number written in Chinese
        r"[零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟点]+(?P<after>元|圆)",
        # tens of thousands of nothing that is counted in pieces
        rf"{_DIGITS}(?P<after>\s*[万亿])(?!\s*[册本套份种人户家])",
        # bare numbers that look like money: thousands commas, or two decimals
        r"(?<![A-Za-z0-9_.,，])(?<![A-Za-z]-)\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?(?![\d%]|[,，.]\d)(?!\s*(?:[册本套份种]|copies|titles|people))",
        r"(?<![A-Za-z0-9_.,，])(?<![A-Za-z]-)(?:\d{3,}\.\d+|\d+\.\d{2})(?![\d%]|[,，.]\d)",
    )
)


def mask_amounts(words: str) -> str:
    """Return a sentence with its amounts of money hidden: a group reads along. When in doubt a number is hidden; codes and dates stay."""
    for pattern in _HIDE:
        names = pattern.groupindex
        words = pattern.sub(
            lambda found, names=names: (  # type: ignore[misc]
                (found["before"] if "before" in names else "") + HIDDEN + (found["after"] if "after" in names else "")
            ),
            words,
        )
    return words


def words_to_send(message: Message, *, language: Language, site: str, mark: str, for_group: bool) -> str:
    """Return the text of a message in one language: title, body, link, and the mark by which a repeated message is known.

    `site` is the product's own address, without it there is no link. Each text begins with the product's name, so that a robot may
    demand it as its keyword. For a group amounts are hidden.
    """
    name, urgent, number = ("【灵渠】", "【急】", "编号") if language == "zh" else ("[Lingqu] ", "[Urgent] ", "No.")
    title, body = (message.title.zh, message.body.zh) if language == "zh" else (message.title.en, message.body.en)
    title, body = " ".join(clean(title, MOST_TITLE).split()), clean(body, MOST_BODY)
    if for_group:
        title, body = mask_amounts(title), mask_amounts(body)
    lines = [name + (urgent if message.urgent else "") + title, body]
    lines += [site + message.link if site and message.link else "", f"{number} {mark}"]
    return "\n".join(line for line in lines if line)


def fit_bytes(words: str, most: int) -> str:
    """Return words that take at most `most` bytes in UTF-8; the middle is cut, so that the last two lines (link and mark) stay."""
    if len(words.encode()) <= most:
        return words
    head, *tail = words.rsplit("\n", 2)
    end = "…\n" + "\n".join(tail)
    room = most - len(end.encode())
    if not tail or room <= 0:
        head, end, room = words, "…", most - len("…".encode())
    return head.encode()[:room].decode(errors="ignore") + end
