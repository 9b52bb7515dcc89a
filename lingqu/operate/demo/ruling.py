"""How the demo publisher's regulation lived: a second version by the procedure, a draft on its way, duties, proposals, benchmarks."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

import msgspec

from lingqu.approvals.actions import Answer, cast_vote, close_vote, decide_step
from lingqu.approvals.models import ApprovalStep
from lingqu.approvals.states import Ballot, StepState
from lingqu.base.calendar import china_day
from lingqu.base.text import Text
from lingqu.credit.actions import propose_credit_change
from lingqu.credit.rules import NewProposal
from lingqu.credit.states import ProposalKind
from lingqu.duties.actions import NewPaper, hand_in, make_duties
from lingqu.duties.models import Duty
from lingqu.duties.queries import responsible_people
from lingqu.duties.states import DutyState
from lingqu.operate.demo.people import JINAN, WUHAN, ZHENGZHOU
from lingqu.operate.demo.story import Story
from lingqu.organisation.models import Person
from lingqu.organisation.queries import acting
from lingqu.policy.actions import NewBenchmark, confirm_reading, edit_draft, note_benchmark, send_draft, set_reasons, start_draft
from lingqu.policy.models import Reading
from lingqu.policy.rules import AnswerGap, Edit, SetClause, SetParameter

MORNING, NOON, AFTERNOON, EVENING = time(9, 5), time(11, 30), time(14, 30), time(17, 20)
PACK: Final = "publisher"
DUTIES_SINCE: Final = 62
"""Days back from which on duties were kept in the system."""

KEPT_UP: Final = (48, 34, 20, 8)
"""Days back on which everybody handed in what was due by then."""

SLOW: Final = {WUHAN, ZHENGZHOU}
"""Partners that hand in late, or not yet."""


def plan_ruling(story: Story) -> None:
    """Plan what happened to the regulation, and what it made people do."""
    _second_version(story)
    _duties(story)
    _benchmarks(story)
    _proposals(story)
    _draft_on_its_way(story)


def _second_version(story: Story) -> None:
    """Ten weeks ago the manager made the grace longer and settled what a certificate is; everybody passed it."""
    drafted: list[int] = []

    def write(at: datetime) -> None:
        by = story.made.who("manager", china_day(at))
        draft = start_draft(PACK, by=by, at=at)
        clause = story.made.regulation_on(at).clauses["M-19.3"]
        words = Text(
            f"{clause.text.zh}暂缓发货由系统自动作出，提前解除须经批准并留有记录。",
            f"{clause.text.en} The delay is set by the system itself; to lift it early takes an approval on record.",
        )
        edits: list[Edit] = [
            SetParameter("trigger_grace_days", 5),
            SetClause("M-19.3", clause.title, words, clause.responsible, clause.appraiser),
            AnswerGap("G-08", Text("合并为一份授权证书。", "One paper: the authorisation certificate.")),
        ]
        draft = edit_draft(draft.pk, revision=draft.revision, edits=edits, by=by, at=at)
        reasons = "经验：近三年触发到期的批次，八成在五个工作日内付清。类比：同业多为五日。"
        draft = set_reasons(draft.pk, revision=draft.revision, reasons=reasons, in_force_from=None, by=by, at=at)
        drafted.append(send_draft(draft.pk, revision=draft.revision, by=by, at=at).approval_id or 0)

    story.plan("version", story.moment(78, MORNING), write)
    story.plan("version", story.moment(77, AFTERNOON), lambda at: _sign(story, drafted[0], "deputy", at))
    story.plan("version", story.moment(75, NOON), lambda at: _sign(story, drafted[0], "director", at, "同意，提请办公会审议。"))

    def meet(at: datetime) -> None:
        for who in ("deputy", "director", "board"):
            _vote(story, drafted[0], who, at)
        by = story.made.who("director", china_day(at))
        close_vote(drafted[0], _step(drafted[0]), minutes="会议审议了宽限天数和证书合并事项，到会三人一致同意。", by=by, at=at)

    story.plan("version", story.moment(72, AFTERNOON), meet)

    def read(at: datetime) -> None:
        late = {story.made.people[key].pk for key in ("warehouse", "zhengzhou", "taiyuan")}
        for reading in Reading.objects.exclude(person_id__in=late).select_related("person"):
            confirm_reading(reading.version_id, by=acting(reading.person, on=china_day(at)), at=at)

    story.plan("version", story.moment(70, MORNING), read)


def _duties(story: Story) -> None:
    """Duties are made as the job makes them; most people keep up, some partners do not."""
    since = story.day(DUTIES_SINCE)

    def keep_up(at: datetime, *, everybody: bool) -> None:
        day = china_day(at)
        _make_duties(story, since, at)
        due = Duty.objects.filter(state=DutyState.OPEN.value, due_on__lte=day + timedelta(days=2)).order_by("due_on", "id")
        _hand_in_all(list(due.select_related("owed_by")), at, slow=set() if everybody else SLOW)

    for ago in KEPT_UP:
        story.plan("duties", story.moment(ago, EVENING), lambda at, ago=ago: keep_up(at, everybody=ago == KEPT_UP[1]))  # type: ignore[misc]
    story.plan("duties", story.now - timedelta(minutes=30), lambda at: _make_duties(story, since, at))


def _make_duties(story: Story, since: date, at: datetime) -> None:
    regulation = story.made.regulation_on(at)
    make_duties(
        list(regulation.duties.values()), issuer=story.made.publisher.pk, regulation=regulation.reference, calendar=regulation.calendar,
        on=china_day(at), at=at, since=since,
    )  # fmt: skip


def _hand_in_all(due: list[Duty], at: datetime, *, slow: set[str]) -> None:
    day = china_day(at)
    people = responsible_people(due, on=day)
    for duty in due:
        responsible = sorted(people.get(duty.pk, ()))
        if not responsible or duty.owed_by.code in slow:
            continue
        by = acting(Person.objects.select_related("firm").get(pk=responsible[0]), on=day)
        kind = duty.papers[0] if duty.papers else "report"
        hand_in([duty.pk], NewPaper(kind, f"{duty.title_zh}（{duty.period_end:%Y-%m}）", "数字已与账面核对，说明见正文。"), by=by, at=at)


def _benchmarks(story: Story) -> None:
    """Note what two competitors do, as the researcher found it."""

    def note(at: datetime) -> None:
        by, day = story.made.who("researcher", china_day(at)), china_day(at)
        for parameter, competitor, value, source in (
            ("grades", "云杉建筑图书", "A 级 25 万元、三批；C 级 6 万元、一批", "其代理商大会资料"),
            ("trigger_grace_days", "云杉建筑图书", "7 个工作日", "其代理商大会资料"),
            ("discounts", "禾泽标准出版", "代理商 66 折，零售商 74 折", "两家零售商的进货单"),
        ):
            note_benchmark(NewBenchmark(PACK, parameter, competitor, value, source, day), by=by, at=at)

    story.plan("benchmarks", story.moment(58, NOON), note)


def _proposals(story: Story) -> None:
    """Jinan's temporary raise went all the way; Wuhan's waits for the director."""
    asked: dict[str, int] = {}

    def propose(buyer: str, proposal: Any) -> Any:  # noqa: ANN401 - a step of the story
        def step(at: datetime) -> None:
            by, regulation = story.made.who("representative", china_day(at)), story.made.regulation_on(at)
            line = story.made.lines[buyer].pk
            new = proposal(at) if callable(proposal) else proposal
            asked[buyer] = propose_credit_change(line, new, regulation=regulation, by=by, at=at).approval_id or 0

        return step

    raise_for_season = NewProposal(ProposalKind.LIMIT, "秋季标准换版，订单集中。", Decimal("310000.00"))
    story.plan("proposals", story.moment(52, MORNING), propose(JINAN, raise_for_season))
    story.plan("proposals", story.moment(52, AFTERNOON), lambda at: _sign(story, asked[JINAN], "manager", at))
    story.plan("proposals", story.moment(51, NOON), lambda at: _sign(story, asked[JINAN], "finance", at, "回款正常，同意。"))
    raise_for_good = NewProposal(ProposalKind.LIMIT, "湖北两个新区开工，全年预计增长三成；近一年按期付款。", Decimal("260000.00"))
    story.plan("proposals", story.moment(2, MORNING), propose(WUHAN, raise_for_good))
    story.plan("proposals", story.moment(2, NOON), lambda at: _sign(story, asked[WUHAN], "manager", at, "市场情况属实。"))
    story.plan("proposals", story.moment(1, AFTERNOON), lambda at: _sign(story, asked[WUHAN], "finance", at, "建议同意，请主任定。"))


def _draft_on_its_way(story: Story) -> None:
    """Leave the next draft waiting for the deputy: grade C is to have more."""

    def write(at: datetime) -> None:
        by, regulation = story.made.who("manager", china_day(at)), story.made.regulation_on(at)
        draft = start_draft(PACK, by=by, at=at)
        grades = {name: msgspec.to_builtins(grade) for name, grade in regulation.parameters.grades.items()}
        grades["C"] |= {"limit": "60000.00"}
        clause = regulation.clauses["M-19.5"]
        words = Text(clause.text.zh.replace("五万元", "六万元"), clause.text.en.replace("50,000", "60,000"))
        edits: list[Edit] = [
            SetParameter("grades", grades),
            SetClause("M-19.5", clause.title, words, clause.responsible, clause.appraiser),
        ]
        draft = edit_draft(draft.pk, revision=draft.revision, edits=edits, by=by, at=at)
        first_day = date(china_day(at).year + 1, 1, 1)
        reasons = "类比：云杉建筑图书 C 级为 6 万元。经验：C 级客户近一年无坏账，常因额度分两次进货。"
        draft = set_reasons(draft.pk, revision=draft.revision, reasons=reasons, in_force_from=first_day, by=by, at=at)
        send_draft(draft.pk, revision=draft.revision, by=by, at=at)

    story.plan("draft", story.moment(1, EVENING), write)


def _step(approval: int) -> int:
    return ApprovalStep.objects.get(approval_id=approval, state=StepState.OPEN.value).pk


def _sign(story: Story, approval: int, who: str, at: datetime, remark: str = "") -> None:
    decide_step(approval, Answer(_step(approval), "approve", remark), by=story.made.who(who, china_day(at)), at=at)


def _vote(story: Story, approval: int, who: str, at: datetime) -> None:
    cast_vote(approval, _step(approval), ballot=Ballot.YES, remark="", by=story.made.who(who, china_day(at)), at=at)
