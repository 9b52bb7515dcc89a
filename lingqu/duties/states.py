"""States and verbs of a duty, how often duties come, and the words of papers."""

from __future__ import annotations

from enum import StrEnum

from lingqu.base.period import HALF_YEAR, MONTH, QUARTER, YEAR
from lingqu.base.states import StateTable
from lingqu.base.text import Text


class Rhythm(StrEnum):
    """How often a duty comes. What comes once is asked for by another module, not by a rule."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"
    ONCE = "once"


class ForEach(StrEnum):
    """Of what a rule makes one duty in each period: the firm that issued the regulation, or each of its partners."""

    ISSUER = "issuer"
    AGENT = "agent"
    RETAILER = "retailer"
    PARTNER = "partner"


class OwedBy(StrEnum):
    """Who owes the duty: the issuer's people, or the partner that it is about."""

    ISSUER = "issuer"
    PARTNER = "partner"


class DutyState(StrEnum):
    """Where a duty stands. Lateness is beside it: `late_days` when it was done."""

    OPEN = "open"
    DONE = "done"
    VOID = "void"


class DutyVerb(StrEnum):
    """What can be done with a duty."""

    HAND_IN = "hand_in"
    REOPEN = "reopen"
    ANNUL = "annul"


DUTIES: StateTable[DutyState, DutyVerb] = StateTable(
    {
        (DutyState.OPEN, DutyVerb.HAND_IN): DutyState.DONE,
        (DutyState.DONE, DutyVerb.REOPEN): DutyState.OPEN,
        (DutyState.OPEN, DutyVerb.ANNUL): DutyState.VOID,
    },
    {
        DutyState.OPEN: Text("待办", "To do"),
        DutyState.DONE: Text("已完成", "Done"),
        DutyState.VOID: Text("已作废", "Void"),
        DutyVerb.HAND_IN: Text("提交", "Hand in"),
        DutyVerb.REOPEN: Text("退回重交", "Ask again"),
        DutyVerb.ANNUL: Text("作废", "Void"),
    },
)

RHYTHM_WORDS = {
    Rhythm.MONTHLY: Text("每月", "monthly"),
    Rhythm.QUARTERLY: Text("每季", "quarterly"),
    Rhythm.HALF_YEARLY: Text("每半年", "half-yearly"),
    Rhythm.YEARLY: Text("每年", "yearly"),
}

MONTHS = {Rhythm.MONTHLY: MONTH, Rhythm.QUARTERLY: QUARTER, Rhythm.HALF_YEARLY: HALF_YEAR, Rhythm.YEARLY: YEAR}
"""How many months of the calendar a period of the rhythm has."""

REPRESENTATIVE_OF = "representative_of"
RELATION_WORDS = {REPRESENTATIVE_OF: Text("区域销售员", "Representative")}
"""Whom a duty may name as responsible without being a post: who stands in a relation to the firm that it is about."""

FIRM_LEFT = "firm_left"
RULE_GONE = "rule_gone"
SETTLED = "settled"
VOID_WORDS = {
    FIRM_LEFT: Text("单位已退出渠道", "The firm has left the channel"),
    SETTLED: Text("事项已了结，不必再办", "The matter is settled; nothing is to be done any more"),
    RULE_GONE: Text("新版制度不再要求", "The new version of the regulation no longer asks for it"),
}
"""Why the product itself voids a duty; people write their own reason."""

PAPER_WORDS = {
    "collection_reminder": Text("付款提醒记录", "Note of a reminder"),
    "collection_visit": Text("上门催收记录", "Note of a visit to collect"),
    "collection_letter": Text("催款函记录", "Note of a letter to collect"),
    "collection_legal": Text("法律途径记录", "Note of legal steps"),
    "monthly_report": Text("月报", "Monthly report"),
    "web_report": Text("网店销售月报", "Monthly report of the web shop"),
    "overdue_report": Text("逾期与供货控制月报", "Report of what is overdue and held"),
    "quarterly_news": Text("季度信息", "Quarterly news"),
    "half_year_analysis": Text("半年分析", "Half-year analysis"),
    "year_end_analysis": Text("年末分析", "Year-end analysis"),
    "yearly_plan": Text("下一年度计划", "Plan of the next year"),
    "target_offer": Text("目标申报", "Target offer"),
    "target_agreement": Text("目标协议", "Target agreement"),
    "promotion_agreement": Text("推广协议", "Promotion agreement"),
    "reward_agreement": Text("奖励协议", "Reward agreement"),
    "penalty_agreement": Text("处罚协议", "Penalty agreement"),
    "renewal_proposal": Text("续约建议", "Renewal proposal"),
    "certification_review": Text("资格复审意见", "Review of the certificate"),
    "retailer_review": Text("零售商复审材料", "Review of retailers"),
    "agent_appraisal": Text("代理商评价", "Appraisal of the agent"),
    "appraisal_record": Text("考核记录", "Appraisal record"),
    "regulation_appraisal": Text("制度执行评价", "Appraisal of the regulation"),
    "supervision_report": Text("监督报告", "Supervision report"),
    "channel_review": Text("渠道评价", "Review of the channels"),
    "credit_review": Text("信用评审", "Credit review"),
    "market_survey": Text("市场调查", "Market survey"),
    "member_opinions": Text("会员意见汇总", "Opinions of members"),
    "visit_record": Text("走访记录", "Visit record"),
    "stock_count": Text("库存盘点表", "Stock count"),
    "shop_audit": Text("店面检查表", "Shop audit"),
    "shop_review": Text("网店评价", "Review of the shop"),
    "club_plan": Text("俱乐部计划", "Club plan"),
    "club_review": Text("俱乐部评价", "Review of the club"),
    "seminar_plan": Text("技术活动日程", "Plan of seminars"),
    "training_plan": Text("培训计划", "Training plan"),
    "report": Text("报告", "Report"),
    "plan": Text("计划", "Plan"),
    "minutes": Text("会议纪要", "Minutes"),
}
"""The words of kinds of papers that duties name; another kind reads as the regulation writes it."""
