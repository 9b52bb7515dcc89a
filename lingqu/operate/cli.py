"""The command `lingqu`."""

from __future__ import annotations

import click

from lingqu.operate.commands import demo, keeping, people, policy, proving, running
from lingqu.operate.said import words

HELP = words(
    "灵渠：让制度可执行的渠道管理系统。\n\n"
    "LINGQU_HOME 为数据文件夹（默认 var/），LINGQU_PORT 为端口（默认 8000），"
    "DATABASE_URL 为自备 PostgreSQL 服务器的所有者网址（默认用内嵌数据库）。",
    "Lingqu: a channel management system that makes the regulation executable.\n\n"
    "LINGQU_HOME is the data folder (default var/), LINGQU_PORT the port (default 8000), DATABASE_URL the owner's URL on a PostgreSQL "
    "server of your own (default: an embedded one).",
)


@click.group(help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="lingqu")
def main() -> None:
    """Run the command line."""


for entry in (
    running.setup,
    running.serve,
    running.stop,
    running.status,
    demo.demo,
    people.found,
    people.readmit,
    proving.verify,
    keeping.backup,
    keeping.restore,
    keeping.drill,
    keeping.doctor,
    proving.replay,
    proving.bench,
    policy.policy,
):
    main.add_command(entry)

if __name__ == "__main__":
    main()
