"""`lingqu found, readmit`: the company and its first person, and the way back in for whoever is locked out."""

from __future__ import annotations

from typing import Any

import click

from lingqu.operate.said import words
from lingqu.operate.setup import make_ready
from lingqu.operate.terminal import Terminal, command


@click.command(
    help=words(
        "建立公司和第一位人员（主管），并显示其设置密码的链接。此后由主管邀请其他人。",
        "Open the company with its first person, the director, and print the link by which they set a password. The director invites "
        "everybody else.",
    )
)
@click.option("--firm", required=True, metavar="NAME", help=words("公司名称", "Name of the company."))
@click.option("--code", default="HQ", show_default=True, metavar="CODE", help=words("公司编号", "Code of the company."))
@click.option("--director", required=True, metavar="NAME", help=words("主管姓名", "Name of the director."))
@click.option("--login", required=True, metavar="LOGIN", help=words("主管的登录名", "The director's sign-in name."))
@click.option("--telephone", default="", metavar="NUMBER", help=words("主管的电话，可不填", "The director's telephone; may be left out."))
@command
def found(terminal: Terminal, *, firm: str, code: str, director: str, login: str, telephone: str) -> dict[str, Any]:
    """Open the company with its first person."""
    make_ready(terminal.report)
    from lingqu.base.clock import now
    from lingqu.organisation.actions import Founding, found_company

    account, secret = found_company(Founding(firm, code, director, login, telephone), at=now())
    return _told(terminal, account.login, secret)


@click.command(
    help=words(
        "让丢失密码、手机和备用码的人重新进入：启用账号，取消两步验证，结束其全部登录，并显示设置密码的链接。",
        "Let somebody in again who lost password, telephone and codes: the sign-in is enabled, without a second factor, its sessions "
        "end, and a link to set a password is printed.",
    )
)
@click.argument("login", metavar="LOGIN")
@command
def readmit(terminal: Terminal, *, login: str) -> dict[str, Any]:
    """Let somebody in again who is locked out."""
    make_ready(terminal.report)
    from lingqu.base.clock import now
    from lingqu.organisation import actions

    account, secret = actions.readmit(login, at=now())
    return _told(terminal, account.login, secret)


def _told(terminal: Terminal, login: str, secret: str) -> dict[str, Any]:
    from lingqu.organisation.present import reset_link

    link = reset_link(secret)
    terminal.tell(
        "{login} 可用下面的链接设置密码（24 小时内，一次）：", "{login} sets a password by this link, once, within 24 hours:", login=login
    )
    terminal.report(link)
    return {"login": login, "link": link}
