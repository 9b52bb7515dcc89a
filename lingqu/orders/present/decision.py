"""The decision panel from a stored decision: what was decided is read, never decided again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lingqu.base.decision import Outcome, Verdict
from lingqu.base.text import Text
from lingqu.orders.present.cures import Offers, action_of, cures_of, post_word, sentence_of
from lingqu.orders.present.laws import body_of, is_waived, law_word, law_words
from lingqu.orders.present.shapes import REGULATION_PAGE, ClauseLink, Counts, CureHint, GapNote, LawRow, Panel
from lingqu.orders.present.values import Values
from lingqu.policy.rules import Regulation

STATE_WORDS = {
    "passed": Text("通过", "Passed"),
    "waivable": Text("不通过·可特批", "Failed·waivable"),
    "failed": Text("不通过·不可特批", "Failed·final"),
    "waived": Text("超出·已特批", "Over·waived"),
    "not_applicable": Text("不适用", "Not judged"),
}


def panel_of(
    decision: str, facts: str, *, at: datetime, reference: str, regulation: Regulation | None, offers: Offers | None = None
) -> Panel:
    """Return the panel of a decision from its stored texts.

    `regulation` is the version that decided, for the words of clauses and gaps; without it (a version that this installation does not
    have) the panel still shows every law with its numbers.
    """
    answer, known, offers = Values.of(decision), Values.of(facts), offers or Offers()
    laws = answer.parts("laws")
    failed = [law for law in laws if law.text("outcome") == Outcome.FAILED.value]
    cures = answer.parts("cures")
    rows = tuple(_row(law, known, regulation, cures, offers) for law in laws)
    verdict = _verdict(answer.text("verdict"))
    counts = _counts(rows, failed, verdict)
    return Panel(
        verdict=verdict,
        headline=_headline(counts),
        counts=counts,
        at=at,
        version=version_word(reference),
        laws=rows,
        cures=cures_of(cures, failed, known, offers),
        gaps=tuple(_gaps(laws, regulation)),
    )


def version_word(reference: str) -> str:
    """Return the version of a regulation as people call it: `publisher/3/…` is v3."""
    parts = reference.split("/")
    return f"v{parts[1]}" if len(parts) > 1 else reference or "—"


def clause_link(clause: str, regulation: Regulation | None) -> ClauseLink | None:
    """Return the link to a clause in the version that decided, with its title; only to the regulation when that version is not known."""
    if not clause:
        return None
    known = regulation.clauses.get(clause) if regulation else None
    return ClauseLink(clause, known.title if known else "", clause_address(clause, regulation))


def clause_address(clause: str, regulation: Regulation | None) -> str:
    """Return where a clause is read in a version: /regulation/publisher/v1/M-19.5."""
    return f"{REGULATION_PAGE}{regulation.pack}/v{regulation.number}/{clause}" if regulation else REGULATION_PAGE


def state_of(law: Values) -> str:
    """Return the state of a law's row: passed, waivable, failed, waived or not_applicable."""
    outcome = law.text("outcome")
    if outcome == Outcome.NOT_APPLICABLE.value:
        return "not_applicable"
    if outcome == Outcome.FAILED.value:
        return "waivable" if law.text("waivable_by") else "failed"
    return "waived" if is_waived(law.text("law"), law.part("numbers")) else "passed"


def _row(law: Values, facts: Values, regulation: Regulation | None, cures: Sequence[Values], offers: Offers) -> LawRow:
    name, state = law.text("law"), state_of(law)
    body = body_of(name, law.part("numbers"), facts, state=state)
    post = post_word(law.text("waivable_by")) if law.text("waivable_by") else None
    waivable_by = Text(post, post) if isinstance(post, str) else post
    return LawRow(
        law=name,
        state=state,
        state_text=STATE_WORDS[state],
        name=law_word(name),
        sentence=body.sentence,
        clause=clause_link(law.text("clause"), regulation),
        terms=body.terms,
        result=body.result,
        note=body.note,
        chips=body.chips,
        waivable_by=waivable_by,
        cure=_hint(name, facts, cures, offers) if state in ("waivable", "failed") else None,
    )


def _hint(law: str, facts: Values, cures: Sequence[Values], offers: Offers) -> CureHint | None:
    """Return the first cure that mends the law, for the foot of a phone."""
    for cure in cures:
        if any(effect.text("law") == law and effect.flag("passes") for effect in cure.parts("effects")):
            return CureHint(sentence_of(cure, facts), action_of(cure, facts, offers))
    return None


def _verdict(word: str) -> str:
    return word if word in Verdict._value2member_map_ else Verdict.REFUSED.value


def _counts(rows: Sequence[LawRow], failed: Sequence[Values], verdict: str) -> Counts:
    judged = [row for row in rows if row.state != "not_applicable"]
    remarks: list[Text] = []
    waived = sum(row.state == "waived" for row in rows)
    if waived:
        remarks.append(Text(f"其中{waived}项凭特批", f"{waived} of them by special signature"))
    if verdict == Verdict.WAIVABLE.value:
        posts = list(dict.fromkeys(law.text("waivable_by") for law in failed))
        # What a lower post may sign, the director may sign too: one signature does.
        words = [post_word(post) for post in posts if post == "director" or "director" not in posts]
        zh = "、".join(word.zh if isinstance(word, Text) else word for word in words)
        en = " and ".join(word.en.lower() if isinstance(word, Text) else word for word in words)
        remarks.append(Text(f"可由{zh}特批", f"the {en} may waive {'it' if len(failed) == 1 else 'them'}"))
    if verdict == Verdict.REFUSED.value:
        final = law_words(tuple(row.law for row in rows if row.state == "failed"))
        remarks.append(Text(f"{final.zh}不可特批", f"{final.en} cannot be waived"))
    remark = Text("，".join(one.zh for one in remarks), "; ".join(one.en for one in remarks)) if remarks else None
    return Counts(len(judged), sum(row.state in ("passed", "waived") for row in rows), len(failed), remark)


def _headline(counts: Counts) -> Text:
    failed = (f"，{counts.failed}项不通过", f", {counts.failed} failed") if counts.failed else ("", "")
    return Text(f"{counts.total}项中{counts.passed}项通过{failed[0]}", f"{counts.passed} of {counts.total} laws passed{failed[1]}")


def _gaps(laws: Sequence[Values], regulation: Regulation | None) -> list[GapNote]:
    """Return the open questions whose interim rules the decision used, once each, in the order of the laws."""
    used = dict.fromkeys(gap for law in laws for gap in law.texts("gaps"))
    notes = []
    for gap in used:
        known = regulation.gaps.get(gap) if regulation else None
        address = f"{REGULATION_PAGE}{regulation.pack}/gaps?version={regulation.number}#{gap}" if regulation else REGULATION_PAGE
        notes.append(GapNote(gap, known.question if known else None, known.interim if known else None, address))
    return notes
