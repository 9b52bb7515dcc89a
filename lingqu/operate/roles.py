"""The two roles: an owner, who may change tables, and the application, which owns nothing and gets exactly what it needs."""

from __future__ import annotations

from typing import Any, Final, LiteralString

import psycopg
from psycopg import sql

from lingqu.base.text import Text
from lingqu.config.home import DATABASE_NAME, ROLE_NAMES, Home, Role, connection, named_server
from lingqu.operate import postgres
from lingqu.operate.connecting import Connection, open_connection
from lingqu.operate.said import refusal

OWNER: Final = ROLE_NAMES["owner"]
APP: Final = ROLE_NAMES["app"]
OLDEST: Final = 150014
LIMITS: Final = sql.SQL("LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS")


def connect(home: Home, role: Role) -> Connection:
    """Return an autocommit connection as the owner or as the application; refuses with the place and the reason when there is none."""
    try:
        parts = connection(home, role)
    except ValueError:
        raise refusal(
            "bad_database_url",
            "DATABASE_URL 无法识别，应形如 postgresql://owner:password@host:5432/database。",
            "DATABASE_URL cannot be understood; it must look like postgresql://owner:password@host:5432/database.",
        ) from None
    try:
        return open_connection(parts)
    except psycopg.OperationalError as error:
        raise refusal(
            "database_unreachable",
            "无法以 {user} 连接 {host}:{port} 上的数据库 {dbname}：{reason}。{what}。",
            "The database {dbname} on {host}:{port} cannot be reached as {user}: {reason}. {what}.",
            **{key: parts.get(key, "") for key in ("user", "host", "port", "dbname")},
            reason=_reason(error),
            what=_what_to_do(role),
        ) from None


def _reason(error: psycopg.OperationalError) -> str:
    """Return the server's own words: the driver tells every address that it tried, in front of each."""
    tried = [line.rpartition("failed: ")[2] for line in str(error).splitlines() if "failed: " in line]
    return (tried or str(error).splitlines() or [""])[-1].removeprefix("FATAL:").strip().rstrip(".")


def _what_to_do(role: Role) -> Text:
    if not named_server():
        return Text("请运行 lingqu stop，再运行 lingqu setup", "Run lingqu stop, then lingqu setup")
    if role == "owner":
        return Text("请检查 DATABASE_URL，以及该服务器是否在运行", "Check DATABASE_URL, and whether that server runs")
    return Text("请在该服务器的 pg_hba.conf 中允许此角色以密码登录", "Let this role sign in with a password in that server's pg_hba.conf")


def ensure_roles(home: Home) -> None:
    """Make the roles and, on the embedded server, the database; set the passwords of the data folder. Repeating it changes nothing else.

    On a named server the owner is whoever `DATABASE_URL` names and needs CREATEROLE, or an administrator makes the application's role:
    the refusal says with which statement.
    """
    if named_server():
        _ensure_named(home)
    else:
        _ensure_embedded(home)


def _ensure_embedded(home: Home) -> None:
    passwords = home.secrets()
    with open_connection(postgres.superuser(home)) as admin:
        known = {row[0] for row in admin.execute("SELECT rolname FROM pg_roles")}
        # The owner may make databases: tests and restore drills work in scratch ones.
        for name, key, can in ((OWNER, "owner_password", sql.SQL("CREATEDB")), (APP, "app_password", sql.SQL("NOCREATEDB"))):
            verb = sql.SQL("ALTER" if name in known else "CREATE")
            words = sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS {} PASSWORD {}")
            admin.execute(words.format(verb, sql.Identifier(name), can, sql.Literal(_scrambled(admin, name, passwords[key]))))
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE_NAME,)).fetchone() is None:
            words = sql.SQL("CREATE DATABASE {} OWNER {}")
            admin.execute(words.format(sql.Identifier(DATABASE_NAME), sql.Identifier(OWNER)))
        _open_database(admin, DATABASE_NAME, private=True)


def _open_database(admin: Connection, name: str, *, private: bool) -> None:
    database, app = sql.Identifier(name), sql.Identifier(APP)
    if private:
        admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    admin.execute(sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(database, app))


def _scrambled(admin: Connection, name: str, password: str) -> str:
    """Return the password as PostgreSQL stores it, so that the plain one stands in no statement and no server log."""
    return admin.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()


def _ensure_named(home: Home) -> None:
    with connect(home, "owner") as owner:
        if _value(owner, "SELECT current_user::text") == APP:
            raise refusal(
                "url_names_app",
                "DATABASE_URL 指定了 {app}，它应指定数据库的所有者；{app} 由 lingqu setup 管理。",
                "DATABASE_URL names {app}; it must name the owner of the database, and {app} is managed by lingqu setup.",
                app=APP,
            )
        _check_owner(owner)
        password = sql.Literal(_scrambled(owner, APP, home.secrets()["app_password"]))
        found = owner.execute(
            "SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls OR NOT rolcanlogin FROM pg_roles WHERE rolname = %s", (APP,)
        ).fetchone()
        if found is None:
            _run_or_refuse(owner, sql.SQL("CREATE ROLE {} {} PASSWORD {}").format(sql.Identifier(APP), LIMITS, password))
        elif found[0]:
            _refuse_statement(owner, sql.SQL("ALTER ROLE {} {}").format(sql.Identifier(APP), LIMITS))
        _open_database(owner, owner.info.dbname, private=False)
        if found is not None and not app_can_connect(home):
            _refuse_shared(owner, home)
            _run_or_refuse(owner, sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(APP), password))


def _check_owner(owner: Connection) -> None:
    """Refuse a user who could not make tables, or could not keep others from making some."""
    if not _value(owner, "SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = current_database()"):
        words = sql.SQL("ALTER DATABASE {} OWNER TO {}")
        _refuse_statement(owner, words.format(sql.Identifier(owner.info.dbname), sql.Identifier(owner.info.user)))
    if not _value(owner, "SELECT pg_has_role(nspowner, 'USAGE') FROM pg_namespace WHERE nspname = 'public'"):
        _refuse_statement(owner, sql.SQL("ALTER SCHEMA public OWNER TO pg_database_owner"))


def _refuse_shared(owner: Connection, home: Home) -> None:
    """Refuse to change the password of a role that is signed in with another one: a second installation would lose its database."""
    if owner.execute("SELECT 1 FROM pg_stat_activity WHERE usename = %s LIMIT 1", (APP,)).fetchone() is not None:
        raise refusal(
            "role_in_use",
            "{host}:{port} 上的角色 {app} 正被另一个灵渠安装使用，其密码与 {file} 不同："
            "请停止那个安装，或使用它的数据文件夹（LINGQU_HOME）。",
            "Another installation of Lingqu is using the role {app} on {host}:{port} with a password other than that in {file}: "
            "stop it, or use its data folder (LINGQU_HOME).",
            app=APP,
            host=owner.info.host,
            port=owner.info.port,
            file=home.secrets_file,
        )


def app_can_connect(home: Home) -> bool:
    """Return whether the application's role can sign in with the password of the data folder."""
    try:
        open_connection(connection(home, "app")).close()
    except (psycopg.OperationalError, ValueError):
        return False
    return True


def _value(ask: Connection, question: LiteralString) -> Any:  # noqa: ANN401 - whatever the column holds
    row = ask.execute(question).fetchone()
    return None if row is None else row[0]


def _run_or_refuse(owner: Connection, statement: sql.Composed) -> None:
    try:
        owner.execute(statement)
    except psycopg.errors.InsufficientPrivilege:
        _refuse_statement(owner, statement)


def _refuse_statement(owner: Connection, statement: sql.Composed | sql.SQL) -> None:
    raise refusal(
        "administrator_needed",
        "{user} 在 {host}:{port} 上权限不足，请让管理员执行以下语句，然后重新运行：\n{statement};",
        "{user} lacks the right on {host}:{port}; have an administrator run this statement, then run the command again:\n{statement};",
        user=owner.info.user,
        host=owner.info.host,
        port=owner.info.port,
        statement=statement.as_string(owner),
    ) from None


# ------------------------------------------------------------------------------------------------------------------ privileges

ADDED_ONLY: Final = frozenset(
    {
        "audit_fact", "documents_attachment", "documents_comment", "policy_version", "policy_adoption", "policy_draftchange",
        "duties_paper", "duties_attachment", "duties_remark", "inventory_lotmove", "claims_relieftakenback",
    }
)  # fmt: skip
"""Tables in which what was once written is never changed: facts, versions, moves of lots, adopted packs, and what was handed in."""

TABLE_KINDS: Final = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
SEQUENCE_KINDS: Final = ("USAGE", "SELECT", "UPDATE")
# All of ours in the schema, with what the application may do there now, and whether everybody may do anything there.
OBJECTS: Final = """
    SELECT relation.relname, relation.relkind::text, relation.relispartition,
        ARRAY(
            SELECT kind FROM unnest(%(tables)s::text[]) AS kind
            WHERE relation.relkind <> 'S' AND has_table_privilege(%(app)s, relation.oid, kind)
            UNION ALL
            SELECT kind FROM unnest(%(sequences)s::text[]) AS kind
            WHERE relation.relkind = 'S' AND has_sequence_privilege(%(app)s, relation.oid, kind)
        ),
        EXISTS (SELECT FROM aclexplode(relation.relacl) AS granted WHERE granted.grantee = 0)
    FROM pg_class AS relation
    WHERE relation.relnamespace = 'public'::regnamespace AND relation.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
        AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = relation.oid AND deptype = 'e')
    ORDER BY relation.relname
"""


def wanted_privileges(name: str, kind: str, *, partition: bool) -> frozenset[str]:
    """Return what the application may do with a table, view or sequence of the schema `public`; `kind` is PostgreSQL's relkind.

    What is append-only stays so by these grants: postings are written by functions of the owner, facts and versions are only added.
    """
    if kind == "S":
        return frozenset({"USAGE", "SELECT"})
    # A partition is reached through its parent, whose privileges count.
    if kind in {"v", "m"} or partition or name.startswith("ledger_") or name == "django_migrations":
        return frozenset({"SELECT"})
    if name in ADDED_ONLY:
        return frozenset({"SELECT", "INSERT"})
    return frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})


def wrong_grants(owner: Connection) -> dict[str, frozenset[str]]:
    """Return the tables, views and sequences whose privileges are not as they should be, with those they should have."""
    parameters = {"tables": list(TABLE_KINDS), "sequences": list(SEQUENCE_KINDS), "app": APP}
    wrong = {}
    for name, kind, partition, held, everybody in owner.execute(OBJECTS, parameters):
        wanted = wanted_privileges(name, kind, partition=partition)
        if everybody or frozenset(held) != wanted:
            wrong[name] = wanted
    return wrong


def grant(owner: Connection) -> int:
    """Give the application exactly its privileges in the schema `public`, in one transaction; return the number of objects changed.

    Run as the owner after migrations. Everybody else loses what they had in the schema but EXECUTE on functions.
    Refuses when the application could still make objects there, with the statement for an administrator.
    """
    app = sql.Identifier(APP)
    with owner.transaction():
        # Two at once would both touch the same catalogue rows, and one would fail.
        owner.execute("SELECT pg_advisory_xact_lock(hashtext('lingqu grants'))")
        owner.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        owner.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(app))
        wrong = wrong_grants(owner)
        for name, wanted in wrong.items():
            table = sql.Identifier("public", name)
            owner.execute(sql.SQL("REVOKE ALL ON {} FROM PUBLIC, {}").format(table, app))
            kinds = sql.SQL(", ").join([sql.SQL(kind) for kind in sorted(wanted)])
            owner.execute(sql.SQL("GRANT {} ON {} TO {}").format(kinds, table, app))
    may = owner.execute(
        "SELECT has_schema_privilege(%(app)s, 'public', 'CREATE') OR NOT has_schema_privilege(%(app)s, 'public', 'USAGE')", {"app": APP}
    ).fetchone()
    if may is None or may[0]:
        words = sql.SQL("REVOKE ALL ON SCHEMA public FROM PUBLIC, {app}; GRANT USAGE ON SCHEMA public TO {app}").format(app=app)
        _refuse_statement(owner, words)
    return len(wrong)


# ---------------------------------------------------------------------------------------------------------------- the server

DURABLE: Final = ("fsync", "full_page_writes", "synchronous_commit")


def check_server(asked: Connection, *, role: Role = "app") -> None:
    """Refuse a server or a role that cannot keep the product's promises; each refusal says what is wrong, where, and what to do.

    The server: PostgreSQL 15.14 or newer, read committed, nothing durable switched off. The application's role: no superuser, under
    row-level security, owner of nothing, since only then do the append-only tables stay so.
    """
    where = {"user": asked.info.user, "place": f"{asked.info.host}:{asked.info.port}/{asked.info.dbname}"}
    if asked.info.server_version < OLDEST:
        raise refusal(
            "server_too_old",
            "{place} 上的 PostgreSQL 版本为 {version}，需要 15.14 或更新版本，请升级该服务器。",
            "PostgreSQL on {place} is version {version}; 15.14 or newer is needed, so update that server.",
            version=_value(asked, "SHOW server_version"),
            **where,
        )
    isolation = _value(asked, "SHOW default_transaction_isolation")
    if isolation != "read committed":
        raise refusal(
            "server_isolation",
            "{place} 上 {user} 的 default_transaction_isolation 为 {found}，需要 read committed，"
            "请执行：ALTER ROLE {user} SET default_transaction_isolation = 'read committed';",
            "default_transaction_isolation of {user} on {place} is {found} and must be read committed; "
            "run: ALTER ROLE {user} SET default_transaction_isolation = 'read committed';",
            found=isolation,
            **where,
        )
    for name in DURABLE:
        if asked.execute("SELECT current_setting(%s)", (name,)).fetchone() == ("off",):
            raise refusal(
                "server_not_durable",
                "{place} 上 {user} 的 {name} 为 off，断电会丢失已确认的数据，"
                "请在 postgresql.conf（或该角色、该数据库的设置）中改为 on 并重新加载。",
                "{name} of {user} on {place} is off, so a power cut loses what was confirmed; "
                "set it to on in postgresql.conf (or for that role or database) and reload.",
                name=name,
                **where,
            )
    if role == "app":
        _check_app(asked, where)


def _check_app(asked: Connection, where: dict[str, str]) -> None:
    row = asked.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user").fetchone()
    superuser, bypasses = row or (True, True)
    if superuser or bypasses:
        raise refusal(
            "app_too_powerful",
            "{place} 上的应用角色 {user} 权限过大，请让管理员执行：ALTER ROLE {user} NOSUPERUSER NOBYPASSRLS;",
            "The application's role {user} on {place} may do too much; "
            "have an administrator run: ALTER ROLE {user} NOSUPERUSER NOBYPASSRLS;",
            **where,
        )
    owned = asked.execute(
        "SELECT relname, pg_get_userbyid(relowner) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND pg_has_role(current_user, relowner, 'MEMBER') ORDER BY relname LIMIT 1"
    ).fetchone()
    if owned is not None:
        raise refusal(
            "app_owns_tables",
            "{place} 上的应用角色 {user} 可以作为 {owner} 修改表 {table}，它不应拥有任何表："
            "请把表改属数据库所有者（ALTER TABLE ... OWNER TO），并收回成员资格。",
            "The application's role {user} on {place} may alter the table {table} as {owner}, but it must own nothing: "
            "give the table to the owner of the database (ALTER TABLE ... OWNER TO) and revoke the membership.",
            table=owned[0],
            owner=owned[1],
            **where,
        )
