"""Judging what an installation was told: secrets, settings, names, second factor, calendar."""

from __future__ import annotations

from datetime import date
from typing import Final

from lingqu.base.text import Text
from lingqu.config.condition import Found, Verdict
from lingqu.operate.doctor.facts import Facts
from lingqu.operate.doctor.judging import found, listed

NEAR: Final = ("localhost", "127.0.0.1", "::1", "[::1]")
PUBLISHED_BY: Final = (12, 15)
"""Month and day by which the holiday list of the next year is out, year after year."""


def judge_secrets(facts: Facts) -> Found:
    """Judge whether only their owner reads the secrets, and whether they are long and of our own making."""
    seen = facts.settings
    verdict = Verdict.BAD if seen.open_files or seen.weak_secrets else Verdict.OK
    if verdict is Verdict.OK:
        return Found(
            "secrets", Text("密钥", "Secrets"), verdict, Text("仅所有者可读，随机且够长", "only their owner reads them; random and long")
        )
    figure = Text(
        f"他人可读：{listed(seen.open_files)}；过短或默认：{listed(seen.weak_secrets)}",
        f"readable by others: {listed(seen.open_files)}; short or default: {listed(seen.weak_secrets)}",
    )
    advice = Text(
        "对列出的文件运行 chmod go-rwx；过短的密钥从 secrets.json 删去后运行 lingqu setup 会重新生成。",
        "Run chmod go-rwx on what is listed; take a short secret out of secrets.json and lingqu setup makes a new one.",
    )
    return found("secrets", Text("密钥", "Secrets"), verdict, figure, advice)


def judge_debug(facts: Facts) -> Found:
    """Judge whether error pages would show the inside of the product."""
    on = facts.settings.debug
    figure = Text("开启", "on") if on else Text("关闭", "off")
    advice = Text("去掉 DEBUG 设置。", "Take the DEBUG setting away.")
    return found("debug", Text("调试模式", "Debug mode"), Verdict.BAD if on else Verdict.OK, figure, advice)


def judge_hosts(facts: Facts) -> Found:
    """Judge the names under which the pages are reached: where any name is answered, a foreign one can be made to stand for ours."""
    hosts = facts.settings.hosts
    wide = any(host == "*" or host.startswith(".") for host in hosts)
    figure = Text(listed(hosts), listed(hosts))
    advice = Text("在 LINGQU_HOSTS 中逐个列出网址名，不用通配。", "List the names one by one in LINGQU_HOSTS, without wildcards.")
    return found("hosts", Text("网址名", "Host names"), Verdict.BAD if wide else Verdict.OK, figure, advice)


def judge_origins(facts: Facts) -> Found:
    """Judge whether pages that are reached from elsewhere are reached by TLS, with cookies that go by TLS only."""
    seen = facts.settings
    wide = any("*" in origin for origin in seen.origins)
    plain = tuple(origin for origin in seen.origins if not origin.startswith("https://"))
    afar = any(host not in NEAR for host in seen.hosts)
    verdict = (
        Verdict.BAD if wide or (afar and plain) else Verdict.WARN if afar and (not seen.origins or not seen.secure_cookies) else Verdict.OK
    )
    figure = Text(
        f"来源 {listed(seen.origins)}；安全 Cookie {'是' if seen.secure_cookies else '否'}；代理 {seen.proxies}",
        f"origins {listed(seen.origins)}; secure cookies {'yes' if seen.secure_cookies else 'no'}; proxies {seen.proxies}",
    )
    advice = Text(
        "对外服务须经 TLS：在 LINGQU_ORIGINS 中列出 https:// 网址，并在 LINGQU_PROXIES 中列出代理。",
        "Serve others by TLS only: list https:// addresses in LINGQU_ORIGINS, and the proxy in LINGQU_PROXIES.",
    )
    return found("tls", Text("TLS 与代理", "TLS and proxy"), verdict, figure, advice)


def judge_second_factor(facts: Facts) -> Found:
    """Judge whether people of HQ are asked for a second factor, and how many of them have none yet."""
    server = facts.server
    total, without = (server.signs_in, server.without_second_factor) if server else (0, 0)
    off = facts.settings.second_factor == "off"
    whom = {"off": Text("不要求", "asked of nobody"), "all": Text("所有人必须", "asked of everybody")}
    asked = whom.get(facts.settings.second_factor, Text("总部必须", "asked of HQ"))
    figure = Text(f"{asked.zh}；总部 {total} 个账号，{without} 个未启用", f"{asked.en}; {without} of {total} accounts of HQ have none")
    advice = Text(
        "去掉 LINGQU_SECOND_FACTOR=off；未启用的人下次登录时会被要求启用。",
        "Take LINGQU_SECOND_FACTOR=off away; who has none is asked to set it up when they next sign in.",
    )
    verdict = Verdict.OK if facts.settings.demo else Verdict.BAD if off else Verdict.WARN if without else Verdict.OK
    return found("second_factor", Text("两步验证", "Second factor"), verdict, figure, advice)


def judge_calendar(facts: Facts) -> Found:
    """Judge whether the holiday lists of this year and, from mid-December on, of the next are known."""
    known, on = facts.server.years_known if facts.server else (), facts.on
    this, following = on.year in known, on.year + 1 in known
    late = on >= date(on.year, *PUBLISHED_BY)
    verdict = Verdict.BAD if not this or (late and not following) else Verdict.OK if following else Verdict.WARN
    figure = Text(
        f"{on.year} 年{'有' if this else '缺'}，{on.year + 1} 年{'有' if following else '缺'}",
        f"{on.year} {'known' if this else 'missing'}, {on.year + 1} {'known' if following else 'missing'}",
    )
    advice = Text("国务院公布后，在“职责 - 工作日历”导入。", "Import it under Duties - Working calendar once it is published.")
    return found("calendar", Text("工作日历", "Working calendar"), verdict, figure, advice)
