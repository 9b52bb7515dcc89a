"""A walk over everything that can happen to the requests of three buyers: each step is done, and done on paper, and both must agree."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from lingqu.approvals.models import Approval
from lingqu.catalogue.models import ListPrice
from lingqu.credit.actions import apply_unapplied as use_money
from lingqu.credit.actions import change_grade, lower_limit, reverse_receipt
from lingqu.credit.models import Batch, CreditLine, Receipt
from lingqu.credit.tests.test_money_model import yuan
from lingqu.ledger.actions import join_group, leave_group, set_limit
from lingqu.orders import actions as orders
from lingqu.orders.models import Order
from lingqu.orders.tests import path_steps as steps
from tests.promises.path_ground import BUYERS, GROUP_LIMIT, Ground
from tests.promises.path_model import (
    GRADES,
    MAY,
    NOTHING,
    Account,
    Request,
    Row,
    agreed,
    content,
    joined,
    wished,
)


def _back(row: Row, copies: int, worth: Decimal) -> Row:
    return replace(row, returned=row.returned + copies, credited=row.credited + worth)


VERBS = {
    "submit": 8, "accept": 9, "decline": 2, "withdraw": 2, "expire": 2, "decide_again": 3, "sign": 5,
    "amend": 6, "amend_accepted": 6, "split": 4, "merge": 4, "reopen": 5, "cancel": 3, "ship": 7,
    "close_rest": 3, "take_back": 4, "pay": 6, "reverse": 4, "apply": 9, "prepay_and_take_back": 1, "lower": 1,
    "change_grade": 2, "restore": 2, "join_group": 4, "leave_group": 1, "new_price": 2,
}  # fmt: skip


class Walk(Ground):
    """Steps chosen by a seed, in the product and on paper."""

    often = VERBS

    # Before acceptance.

    def submit(self, buyer: str = "", wanted: dict[int, int] | None = None) -> int:
        buyer = buyer or self.dice.choice(["agent", "agent", "other_agent", "cash_agent"])
        wanted = wanted or self.copies(buyer)
        rows = [self.paper.today(buyer, number, title, many) for number, (title, many) in enumerate(wanted.items(), 1)]
        verdict = self.paper.judge(buyer, sum((row.net for row in rows), NOTHING))
        outcome = self.tries("submit", "", lambda: self.world.submit(buyer, wanted), buyer, wanted)
        key = outcome.order  # type: ignore[attr-defined]
        self.paper.requests[key] = Request(buyer, "", [])
        self.paper.settle(self.paper.requests[key], rows, verdict, holds=verdict.fits)
        return int(key)

    def accept(self, key: int = 0) -> None:
        key, request, code = self.named(key, "accept") if key else self.pick("accept")
        world = self.world
        expected = code or self.paper.accepted(request)
        self.tries("accept", expected, lambda: orders.accept_order(
            key, ship_on=world.at.date(), regulation=world.regulation, by=world.who("representative"), at=world.at), key)  # fmt: skip

    def decline(self) -> None:
        key, request, code = self.pick("decline")
        by = self.world.who("manager")
        self.tries("decline", code, lambda: orders.decline_order(key, reason="改日再报", by=by, at=self.world.at), key)
        if not code:
            self.paper.ends(request, "declined")

    def withdraw(self) -> None:
        key, request, code = self.pick("withdraw")
        by = self.world.who(f"{request.buyer}_owner")
        self.tries("withdraw", code, lambda: orders.withdraw_order(key, by=by, at=self.world.at), key)
        if not code:
            self.paper.ends(request, "withdrawn")

    def expire(self) -> None:
        key, request, code = self.pick("accept")
        until = Order.objects.get(pk=key).answer_until
        done = self.tries("expire", "", lambda: orders.expire_order(key, at=until or self.world.at), key)
        assert done == (not code)
        if not code:
            self.paper.ends(request, "expired")

    def decide_again(self) -> None:
        key, request, code = self.pick("decide_again")
        verdict = self.paper.judge(request.buyer, request.net, aside=[request], waived=request)
        world = self.world
        done = self.tries("decide_again", code, lambda: orders.decide_again(
            key, regulation=world.regulation, by=world.who("representative"), at=world.at), key)  # fmt: skip
        if done:
            self.paper.settle(request, list(request.rows), verdict, holds=verdict.fits)

    def sign(self, key: int = 0) -> None:
        """Ask for a special signature and let everybody on its way sign it."""
        key, request, code = self.named(key, "sign") if key else self.pick("sign")
        if code and request.state in {"accepted", "part_shipped", *MAY["decide_again"]}:
            return
        verdict = self.paper.judge(request.buyer, request.net, aside=[request], waived=request)
        done = self.tries("sign", code, lambda: self._signed(key), key)
        if not done:
            return
        if not verdict.fits:
            old, new = request.waived, verdict.missing
            request.waived = (old[0] + new[0], old[1] + new[1], old[2] + new[2])
        self.paper.settle(request, list(request.rows), verdict, holds=True)

    def _signed(self, key: int) -> bool:
        world = self.world
        asked = orders.ask_signature(key, "急需", regulation=world.regulation, by=world.who("representative"), at=world.at)
        while asked and Approval.objects.get(pk=asked.approval_id or 0).state == "open":
            world.sign(asked.approval_id or 0, world.step_of(asked.approval_id or 0).key)
        return True

    def amend(self) -> None:
        key, request, code = self.pick("amend")
        if request.state in MAY["amend_accepted"]:
            return
        wanted = self.copies(request.buyer, own=request.held)
        rows = wished(self.paper, request, wanted)
        verdict = self.paper.judge(request.buyer, sum((row.net for row in rows), NOTHING), aside=[request], waived=request)
        same = "nothing_changed" if content(rows) == content(request.rows) else ""
        done = self.tries("amend", code or same, lambda: steps.amend(self.world, key, wanted), key, wanted)
        if done:
            self.paper.settle(request, rows, verdict, holds=verdict.fits)

    def split(self) -> None:
        key, request, code = self.pick("split")
        if request.copies < 2:
            return
        out = {row.number: self.dice.randint(0, row.copies) for row in request.rows}
        moved = sum(out.values())
        if not 0 < moved < request.copies:
            out = {request.rows[0].number: 1}
        stays = [replace(row, copies=row.copies - out.get(row.number, 0)) for row in request.rows if row.copies > out.get(row.number, 0)]
        goes = [replace(row, number=0, copies=out[row.number]) for row in request.rows if out.get(row.number, 0)]
        kept = self.paper.judge(request.buyer, sum((row.net for row in stays), NOTHING), aside=[request], waived=request)
        old = replace(request, rows=list(request.rows))
        new = Request(request.buyer, request.state, [])
        if not code:
            self.paper.settle(request, stays, kept, holds=kept.fits)
        fresh = self.paper.judge(request.buyer, sum((row.net for row in goes), NOTHING))
        done = self.tries("split", code, lambda: steps.split(self.world, key, out), key, out)
        if done:
            self.paper.settle(new, goes, fresh, holds=fresh.fits)
            self.paper.requests[done[1].pk] = new  # type: ignore[index]
        elif not code:
            self.paper.requests[key] = old

    def merge(self) -> None:
        key, request, code = self.pick("merge")
        others = [
            other for other, one in self.paper.requests.items() if other != key and one.buyer == request.buyer and one.state in MAY["merge"]
        ]
        if not others:
            return
        chosen = self.dice.sample(sorted(others), min(len(others), self.dice.randint(1, 2)))
        rest = [self.paper.requests[other] for other in sorted(chosen)]
        rows = joined([request.rows, *(one.rows for one in rest)])
        verdict = self.paper.judge(request.buyer, sum((row.net for row in rows), NOTHING), aside=[request, *rest], waived=request)
        done = self.tries(
            "merge", code, lambda: steps.merge(self.world, key, *chosen), key, chosen
        )  # fmt: skip
        if done:
            for one in rest:
                self.paper.ends(one, "merged")
            self.paper.settle(request, rows, verdict, holds=verdict.fits)

    def reopen(self) -> None:
        key, request, code = self.pick("reopen")
        rows = [self.paper.today(request.buyer, row.number, row.title, row.copies) for row in request.rows if row.copies]
        verdict = self.paper.judge(request.buyer, sum((row.net for row in rows), NOTHING), waived=request)
        done = self.tries("reopen", code, lambda: steps.reopen(self.world, key), key)
        if done:
            request.debt = None
            self.paper.settle(request, rows, verdict, holds=verdict.fits)

    # After acceptance.

    def amend_accepted(self) -> None:
        """More, fewer or others; the document of the step has no waiver for what comes to it."""
        key, request, code = self.pick("amend_accepted")
        if code:
            return
        self.document = None
        wanted: dict[int, int] = {}
        for row in request.rows:
            least = self.dice.choice([0, row.shipped, row.shipped])
            wanted.setdefault(row.title, max(row.copies + self.dice.choice([-5, -1, 0, 1, 3, 200, -row.copies]), least))
        if self.dice.random() < 0.2 or not any(wanted.values()):
            wanted |= self.copies(request.buyer)
        rows = agreed(self.paper, request, wanted)
        if rows is None:
            self.tries("amend_accepted", "bad_input", lambda: steps.amend(self.world, key, wanted), key, wanted)
            return
        net, copies = sum((row.net for row in rows), NOTHING), sum(row.copies for row in rows)
        verdict = self.paper.judge(request.buyer, net, batch=request)
        fewer = all(row.number and row.copies <= old.copies for row, old in zip(rows, request.rows, strict=False))
        fewer = fewer and len(rows) == len(request.rows)
        grows = not fewer and (net > request.net or copies > request.copies)
        same = content(rows) == content(request.rows)
        expected = "nothing_changed" if same else "not_within" if grows and not verdict.fits else ""
        verb = "amend_more" if grows else "amend_less"
        if self.tries(verb, expected, lambda: steps.amend(self.world, key, wanted), key, wanted):
            owed = net - request.net
            request.write(rows)
            if request.state == "part_shipped" and all(row.shipped == row.copies for row in rows):
                request.state = "shipped"
            if owed > 0:
                assert request.debt is not None
                self.paper.accounts[request.buyer].money.grows(request.debt, owed)
            self.paper.credit(request, max(-owed, NOTHING))

    def cancel(self) -> None:
        key, request, code = self.pick("cancel")
        self.tries("cancel", code, lambda: steps.cancel(self.world, key), key)
        if not code:
            self.paper.credit(request, request.net)
            request.state = "cancelled"

    def ship(self, key: int = 0) -> None:
        """A part, all of it, or more than was agreed, which is refused."""
        key, request, code = self.named(key, "ship") if key else self.pick("ship")
        left = {row.number: row.copies - row.shipped for row in request.rows}
        parts = {number: self.dice.randint(0, max(many, 0)) for number, many in left.items()}
        wanted = self.dice.choice([None, parts, parts, {number: many + 1 for number, many in left.items()}])
        if wanted is parts and not any(parts.values()):
            wanted = None
        too_many = wanted is not None and any(many > left[number] for number, many in wanted.items())
        verb = "ship_more" if too_many else "ship_all" if wanted is None else "ship_part"
        expected = code or ("more_than_agreed" if too_many else "")
        if self.tries(verb, expected, lambda: steps.ship(self.world, key, wanted), key, wanted):
            out = left if wanted is None else wanted
            request.rows = [replace(row, shipped=row.shipped + out.get(row.number, 0)) for row in request.rows]
            request.state = "shipped" if all(row.shipped == row.copies for row in request.rows) else "part_shipped"

    def close_rest(self) -> None:
        key, request, code = self.pick("close_rest")
        if self.tries("close_rest", code, lambda: steps.close(self.world, key), key):
            before = request.net
            request.rows = [replace(row, copies=row.shipped) for row in request.rows]
            self.paper.credit(request, before - request.net)
            request.state = "shipped"

    def take_back(self, key: int = 0) -> None:
        """Some of what left comes back, or more than left, which is refused."""
        key, request, code = self.named(key, "take_back") if key else self.pick("take_back")
        out = {row.number: row.shipped - row.returned for row in request.rows}
        some = {number: self.dice.randint(0, many) for number, many in out.items()}
        if self.dice.random() < 0.15 or not any(some.values()):
            some = {number: many + 1 for number, many in out.items()}
        expected = code or ("bad_input" if any(many > out[number] for number, many in some.items()) else "")
        if self.tries("take_back", expected, lambda: steps.take_back(self.world, key, some), key, some):
            worth = {row.number: row.worth(row.returned + some[row.number]) - row.credited for row in request.rows if some[row.number]}
            request.rows = [_back(row, some[row.number], worth.get(row.number, NOTHING)) for row in request.rows]
            self.paper.credit(request, sum(worth.values(), NOTHING))

    # Money and limits.

    def prepay_and_take_back(self) -> None:
        """A request is held as prepaid, its money goes back to the bank, and only then it is to be accepted."""
        self.pay("cash_agent", Decimal(60_000))
        key = self.submit("cash_agent", {2: self.dice.randint(1, 9)})
        self.reverse(-1)
        self.accept(key)
        self.verb = "reverse"

    def pay(self, buyer: str = "", amount: Decimal = NOTHING) -> None:
        buyer = buyer or self.dice.choice(["agent", "agent", "other_agent", "cash_agent", "cash_agent"])
        money = self.paper.accounts[buyer].money
        owed = sum((debt.left for debt in money.debts), NOTHING)
        amount = amount or yuan(self.dice, owed if owed and self.dice.random() < 0.6 else Decimal(20_000))
        receipt = self.tries("pay", "", lambda: self.world.pay(buyer, str(amount)), buyer, amount)
        assert isinstance(receipt, Receipt)
        self.receipts.append((buyer, receipt))
        money.receives(receipt.pk, amount, {})

    def reverse(self, which: int | None = None) -> None:
        if self.receipts:
            buyer, receipt = self.receipts.pop(self.dice.randrange(len(self.receipts)) if which is None else which)
            world = self.world
            self.tries("reverse", "", lambda: reverse_receipt(
                receipt.pk, reason="银行退票", on=world.at.date(), regulation=world.regulation, by=world.who("finance"), at=world.at,
            ), buyer, receipt.amount)  # fmt: skip
            self.paper.accounts[buyer].money.reverses(receipt.pk)

    def apply(self) -> None:
        """Money that waits goes to one batch."""
        world = self.world
        if not self.usable():
            self.leave_some_waiting()
        for buyer in self.usable()[:1]:
            account = self.paper.accounts[buyer]
            place = self.dice.choice([place for place, debt in enumerate(account.money.debts) if debt.left > 0])
            part = yuan(self.dice, min(account.money.debts[place].left, account.money.waiting))
            line = world.lines[buyer].pk
            named = {Batch.objects.get(line=line, number=place + 1).pk: part}
            self.tries("apply", "", lambda line=line, named=named: use_money(  # type: ignore[misc]
                line, named, regulation=world.regulation, by=world.who("finance"), at=world.at), buyer, part)  # fmt: skip
            account.money.uses({place: part})

    def leave_some_waiting(self) -> None:
        """The older of two batches is paid, and then its goods come back."""
        for key, one in list(self.paper.requests.items()):
            account = self.paper.accounts[one.buyer]
            owed = [place for place, debt in enumerate(account.money.debts) if debt.left > 0]
            if one.state in MAY["take_back"] and len(owed) > 1 and one.debt == owed[0]:
                self.pay(one.buyer, account.money.debts[owed[0]].left)
                self.take_back(key)
                return

    def lower(self) -> None:
        buyer = self.dice.choice(["agent", "other_agent"])
        account, world = self.paper.accounts[buyer], self.world
        limit = account.limit - self.dice.choice([Decimal("0.01"), Decimal(10_000), Decimal(100_000)])
        expected = "bad_input" if limit < 0 else ""
        self.tries("lower", expected, lambda: lower_limit(
            world.lines[buyer].pk, limit=limit, reason="回款变慢", regulation=world.regulation, by=world.who("finance"), at=world.at,
        ), buyer, limit)  # fmt: skip
        account.limit = account.limit if expected else limit

    def change_grade(self) -> None:
        """Another grade; at once only one that allows no more than the line has."""
        buyer, world = self.dice.choice(["agent", "other_agent"]), self.world
        account = self.paper.accounts[buyer]
        grade = self.dice.choice([one for one in "ABC" if one != account.grade])
        limit, most, _ = GRADES[grade]
        now = GRADES[account.grade]
        lower = limit <= min(account.limit, Decimal(now[0])) and most <= min(account.most, now[1])
        self.tries("change_grade", "" if lower else "needs_procedure", lambda: change_grade(
            world.lines[buyer].pk, grade=grade, reason="复评", regulation=world.regulation, by=world.who("director"), at=world.at,
        ), buyer, grade)  # fmt: skip
        if lower:
            account.grade, account.limit, account.most = grade, Decimal(limit), most

    def restore(self) -> None:
        """The grade that the line began with, as after a vote; what the vote does is no matter of this walk."""
        buyer = self.dice.choice(["agent", "other_agent"])
        account, grade = self.paper.accounts[buyer], BUYERS[buyer]
        account.grade, account.limit, account.most = grade, Decimal(GRADES[grade][0]), GRADES[grade][1]
        self.tries("restore", "", lambda: self._restored(buyer, account), buyer)

    def _restored(self, buyer: str, account: Account) -> None:
        CreditLine.objects.filter(pk=self.world.lines[buyer].pk).update(grade=account.grade)
        day = self.world.at.date()
        set_limit(
            self.account[buyer], limit=account.limit, count_limit=account.most, document=("test", 1), on=day, at=self.world.at
        )  # fmt: skip

    def join_group(self) -> None:
        buyer, world = self.dice.choice(list(BUYERS)), self.world
        account, whole = self.paper.accounts[buyer], self.paper.standing(buyer)[0] + self.paper.standing(buyer)[1]
        room = whole <= 0 or self.paper.group()[0] + self.paper.group()[1] + whole <= GROUP_LIMIT
        expected = "in_a_group" if account.grouped else "" if room else "limit_exceeded"
        self.tries("join_group", expected, lambda: join_group(
            self.account[buyer], self.group, on=world.at.date(), at=world.at), buyer)  # fmt: skip
        account.grouped = account.grouped or not expected

    def leave_group(self) -> None:
        buyer, world = self.dice.choice(list(BUYERS)), self.world
        account = self.paper.accounts[buyer]
        expected = "" if account.grouped else "in_no_group"
        self.tries("leave_group", expected, lambda: leave_group(self.account[buyer], on=world.at.date(), at=world.at), buyer)
        account.grouped = False

    def new_price(self) -> None:
        title, price = self.dice.randrange(3), self.dice.choice(["96.0000", "128.0000", "20.0000", "33.3350"])
        product = self.world.products[title]
        self.tries("new_price", "", lambda: ListPrice.objects.update_or_create(
            product=product, since=self.world.at.date(), defaults={"amount": Decimal(price)}), title, price)  # fmt: skip
        self.paper.prices[title] = Decimal(price)
