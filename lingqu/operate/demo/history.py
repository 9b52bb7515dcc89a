"""What happened at the demo publisher in the last four months. Every partner's story is written beside its steps."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from lingqu.operate.demo.goods import (
    agree_back,
    answer,
    ask_back,
    claim_for_cut,
    count_back,
    grant_special,
    look,
    report,
    send_up,
    transfer,
)
from lingqu.operate.demo.money import SHORT, bounce, cancel, pay_by_bank, send_back, write_off
from lingqu.operate.demo.people import JINAN, TAIAN, TAIYUAN, WUHAN, ZHENGZHOU
from lingqu.operate.demo.story import Story, Wanted
from lingqu.orders.rules import LineCount
from lingqu.orders.states import DifferenceAnswer, Source

ROOM_LEFT = Decimal("26208.00")
"""What Wuhan may still order: 260 × 96.00 and 120 × 128.00 at 65 % is exactly that."""


def plan_history(story: Story) -> None:
    """Plan what happened, each partner's story in its order."""
    _jinan(story)
    _wuhan(story)
    _zhengzhou(story)
    _taiyuan(story)
    _taian(story)
    story.print_again({101: 1_500, 102: 1_200, 202: 600}, ago=30)


def _jinan(story: Story) -> None:
    """Grade A. One bill bounced, one payment was sixty fen short; two batches are open, so the third waits for the director."""
    first = story.whole(Wanted(JINAN, {101: 300, 102: 200, 201: 150}, "jinan"), ago=118, waybill="SF-1180031")
    second = story.whole(Wanted(JINAN, {401: 220, 501: 260, 601: 180}, "jinan"), ago=92, waybill="SF-1180562")
    story.pay(JINAN, lambda: first.net, ago=89)
    bounce(story, JINAN, ago=87)
    story.pay(JINAN, lambda: first.net, ago=86)
    story.pay(JINAN, lambda: second.net - Decimal("0.60"), ago=63)
    story.whole(Wanted(JINAN, {201: 260, 204: 180, 208: 120}, "jinan"), ago=44, waybill="SF-1183375")
    # Of title 203 there are 60 copies: 24 stay as a back-order. What it counted short was looked for, and waits for an answer.
    latest = story.whole(Wanted(JINAN, {203: 84, 102: 150, 508: 100}, "jinan"), ago=16, waybill="SF-1184920")
    report(story, latest, {3: LineCount(97)}, "第 2 箱外包装开口，少 3 册。", ago=12)
    look(story, latest, [0], ago=8)
    third = story.ask_at(Wanted(JINAN, {101: 160, 103: 60, 301: 120}, "jinan"), story.now - timedelta(hours=3))
    story.ask_to_sign(third, "客户承诺本周五前结清上一批，教材赶着开课。", story.now - timedelta(hours=2), ("manager", "finance"))


def _wuhan(story: Story) -> None:
    """Grade B. A third batch specially signed, one remittance with detail, one request outside its area; then just below the limit.

    Some copies went on to Taiyuan; others are to come back, and the representative has not answered yet.
    """
    story.whole(Wanted(WUHAN, {201: 180, 202: 160, 205: 90}, "wuhan"), ago=104, waybill="DB-2204417")
    story.whole(Wanted(WUHAN, {302: 200, 303: 150}, "wuhan"), ago=88, waybill="DB-2205731")
    third = story.ask(Wanted(WUHAN, {107: 160, 109: 140}, "wuhan", note="省标培训班开班用书"), ago=75)
    story.sign(third, "培训班日期已定，客户承诺月底前结清前两批。", ago=75)
    story.accept(third, ago=75)
    story.ship(third, ago=73, waybill="DB-2207020")

    def first_two() -> dict[int, Decimal]:
        owed = story.owed(WUHAN)
        return {owed[number].batch: owed[number].remaining for number in (1, 2)}

    story.pay(WUHAN, lambda: sum(first_two().values(), Decimal(0)), ago=60, detail=first_two)
    story.pay(WUHAN, lambda: third.net, ago=49)
    large = {102: 600, 101: 700, 201: 400, 202: 500, 305: 400, 605: 120}
    story.whole(Wanted(WUHAN, large, "wuhan"), ago=20, waybill="DB-2211908")
    story.ask(Wanted(WUHAN, {505: 60, 506: 40}, "wuhan", division="430102", note="送长沙"), ago=9)
    limit = story.made.regulation.parameters.grades["B"].limit
    story.pay(WUHAN, lambda: story.used(WUHAN) - (limit - ROOM_LEFT), ago=6)
    ask_back(story, WUHAN, {303: 20}, "雨季过后走得慢，原箱未拆。", ago=2)


def _zhengzhou(story: Story) -> None:
    """Grade C. One request was not answered in time, one paid, one is overdue, and so the next was declined."""
    unanswered = story.ask(Wanted(ZHENGZHOU, {101: 60, 305: 40}, "zhengzhou"), ago=112)
    story.expire(unanswered, ago=105)
    story.withdraw(unanswered, ago=104)
    paid = story.whole(Wanted(ZHENGZHOU, {101: 150, 301: 120, 507: 80}, "zhengzhou"), ago=80, waybill="DB-2206402")
    story.pay(ZHENGZHOU, lambda: paid.net - SHORT, ago=53)
    write_off(story, ZHENGZHOU, ago=51)
    story.whole(Wanted(ZHENGZHOU, {101: 240, 201: 180, 401: 120}, "zhengzhou"), ago=40, waybill="DB-2209963")
    late = story.ask(Wanted(ZHENGZHOU, {104: 80}, "zhengzhou"), ago=4)
    story.decline(late, "第 2 批已逾期，请先结清，到账后再报。", ago=4)
    slow = ask_back(story, ZHENGZHOU, {507: 6}, "换版前退回余书。", ago=3)
    agree_back(story, ZHENGZHOU, slow, ago=2)


def _taiyuan(story: Story) -> None:
    """Grade D, pays first. Goods came back twice, one request was cancelled, one had a special price and came short; copies came over.

    Open: a delivery that differs, old goods beyond the caps; requests wait for warehouse, answer and a price.
    """
    story.pay(TAIYUAN, lambda: Decimal("40000.00"), ago=67)
    bought = story.whole(Wanted(TAIYUAN, {102: 200, 506: 120, 402: 60}, "taiyuan"), ago=66, waybill="SF-1182207")
    send_back(story, bought, {2: 10}, ago=60)
    dropped = story.ask(Wanted(TAIYUAN, {506: 5}, "taiyuan"), ago=46)
    story.accept(dropped, ago=46)
    cancel(story, dropped, ago=45)
    grant_special(story, TAIYUAN, 402, 6_200, 120, ago=41)
    school = story.whole(Wanted(TAIYUAN, {402: 80}, "taiyuan", note="职教园区开学用书"), ago=38, waybill="SF-1183677")
    report(story, school, {1: LineCount(78, damaged=1)}, "一册封面破损，另少一册。", ago=34)
    look(story, school, [1, 0], ago=33)
    answer(story, school, (DifferenceAnswer.SEND_AGAIN, DifferenceAnswer.CREDIT), ago=32)
    slow = ask_back(story, TAIYUAN, {506: 20}, "变配电室项目改期，余书退回。", ago=27)
    agree_back(story, TAIYUAN, slow, ago=26)
    count_back(story, TAIYUAN, slow, {1: 19}, {1: 1}, ago=23)
    claim_for_cut(story, TAIYUAN, 402, "80", 60, ago=20)
    transfer(story, WUHAN, TAIYUAN, {605: 30}, ago=13)
    latest = story.whole(Wanted(TAIYUAN, {403: 30, 407: 20}, "taiyuan"), ago=9, waybill="SF-1185044")
    report(story, latest, {2: LineCount(18)}, "407 少 2 册，箱内无夹层。", ago=6)
    pay_by_bank(story, TAIYUAN, Decimal("60000.00"), ago=5)
    waiting = story.ask(Wanted(TAIYUAN, {201: 150, 307: 100}, "taiyuan"), ago=2)
    story.accept(waiting, ago=2, ship_on=story.day(0) + timedelta(days=1))
    old = ask_back(story, TAIYUAN, {608: 12}, "清库找到的旧书，原单据已不在。", ago=2, photo=True)
    send_up(story, TAIYUAN, old, {1: Decimal("38.00")}, ago=1)
    special = Wanted(TAIYUAN, {403: 60}, "representative", Source.WECHAT, 6_500, note="校园建设季，客户请求 65 折")
    story.ask_at(special, story.now - timedelta(hours=2))
    story.ask_at(Wanted(TAIYUAN, {102: 80, 404: 90}, "representative", Source.TELEPHONE), story.now - timedelta(minutes=70))


def _taian(story: Story) -> None:
    """Retailer under Jinan: one batch paid, one request taken back, one waiting for Jinan's answer."""
    bought = story.whole(Wanted(TAIAN, {101: 40, 504: 12, 603: 30}, "taian_owner"), ago=50)
    story.pay(TAIAN, lambda: bought.net, ago=22)
    story.withdraw(story.ask(Wanted(TAIAN, {206: 200}, "taian"), ago=12), ago=12)
    story.ask_at(Wanted(TAIAN, {102: 24, 504: 20, 607: 36}, "taian"), story.now - timedelta(minutes=40))
