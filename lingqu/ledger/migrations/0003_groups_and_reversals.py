"""A limited account may belong to a group account whose limit the same posting must fit; a posting may be taken back by its name."""

from __future__ import annotations

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Case, F, Q, When

before = import_module("lingqu.ledger.migrations.0002_functions")


def replacing(function: str) -> str:
    """Return the text that puts a function of 0002 back in the place of its successor."""
    return function.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)


# What is a group is one from the moment that it is opened: the order of locks stands on it.
OPEN = replacing(before.OPEN).replace(
    """held_count, count_limit)
        VALUES (found, 0, 0, p_limit, 0, 0, p_count_limit)""",
    """held_count, count_limit, is_group)
        VALUES (found, 0, 0, p_limit, 0, 0, p_count_limit, p_kind = 'credit_group')""",
)

# Members are locked first, in id order; then their groups, in id order. A locked member cannot change its group, so nothing is guessed,
# and no two that lock wait for each other.
LOCK = """
CREATE OR REPLACE FUNCTION ledger_lock(accounts bigint[]) RETURNS SETOF ledger_running
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    one ledger_running;
    groups bigint[];
    found_now integer := 0;
BEGIN
    FOR one IN SELECT * FROM ledger_running WHERE account_id = ANY(accounts) AND NOT is_group ORDER BY account_id FOR UPDATE LOOP
        found_now := found_now + 1;
        IF one.group_id IS NOT NULL THEN
            groups := groups || one.group_id;
        END IF;
        RETURN NEXT one;
    END LOOP;
    IF groups IS NOT NULL OR found_now < cardinality(accounts) THEN
        RETURN QUERY
            SELECT * FROM ledger_running WHERE account_id = ANY(accounts || groups) AND is_group ORDER BY account_id FOR UPDATE;
    END IF;
END $$
"""

# Steps: (1) refuse an entry that does not fit the hold which it settles or releases; (2) sum up what the entries change on each limited
# account, and lock those rows in id order, then the rows of their groups, which change by the same sums; (3) refuse a reversal that takes
# back more than is left of its posting; (4) one conditional update that lets through what lowers or fits, where it does not fit with the
# waivers of the one document that asks; (5) refuse when a row was left out; (6) append the postings.
# What reversals take back counts apart: where it lowers, it is as any other (`used`, `opened`); where it raises (`back`, `back_count`) it
# is let through whatever the limit says, and what goes beside it must fit on top of it.
# Entries are few and the tables long, so every look-up goes by index: a plan made while a table was still small would read all of it.
POST = """
CREATE OR REPLACE FUNCTION ledger_post(
    sources bigint[], destinations bigint[], amounts numeric[], counts integer[], phases text[], resolved bigint[],
    kinds text[], documents bigint[], reasons text[], expiries timestamptz[], p_on date, p_at timestamptz) RETURNS bigint[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    ids bigint[];
    changes ledger_change[];
    groups bigint[];
    on_group boolean;
    passed integer;
    wrong bigint;
BEGIN
    SELECT e.n INTO wrong
      FROM unnest(sources, destinations, amounts, counts, phases, resolved) WITH ORDINALITY AS e(s, d, a, c, p, r, n)
      LEFT JOIN ledger_posting h ON h.id = e.r AND h.phase = 'hold'
     WHERE e.a < 0
        OR (e.p IN ('settle', 'release')
            AND (h.id IS NULL OR h.source_id <> e.s OR h.destination_id <> e.d OR e.a > h.amount
                 OR (SELECT done.id FROM ledger_posting done WHERE done.resolves_id = e.r LIMIT 1) IS NOT NULL
                 OR (e.p = 'release' AND (e.a <> h.amount OR e.c <> h.count))))
        OR (e.p NOT IN ('settle', 'release', 'reverse') AND e.r IS NOT NULL)
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'entry % does not fit the hold that it names', wrong USING ERRCODE = 'LQ002';
    END IF;

    WITH entry AS (
        SELECT e.s, e.d, e.a, e.c, e.p, e.k, e.doc, e.reason, COALESCE(h.amount, 0) AS ha, COALESCE(h.count, 0) AS hc
          FROM unnest(sources, destinations, amounts, counts, phases, resolved, kinds, documents, reasons)
               AS e(s, d, a, c, p, r, k, doc, reason)
          LEFT JOIN ledger_posting h ON h.id = e.r
    ), side AS (
        SELECT s AS account, k, doc,
               CASE WHEN p IN ('direct', 'settle') THEN a ELSE 0 END AS used,
               CASE p WHEN 'hold' THEN a WHEN 'settle' THEN -ha WHEN 'release' THEN -ha ELSE 0 END AS held,
               CASE WHEN p IN ('direct', 'settle') THEN c ELSE 0 END AS opened,
               CASE p WHEN 'hold' THEN c WHEN 'settle' THEN -hc WHEN 'release' THEN -hc ELSE 0 END AS held_count,
               CASE p WHEN 'reverse' THEN a ELSE 0 END AS back, CASE p WHEN 'reverse' THEN c ELSE 0 END AS back_count,
               (p = 'hold' AND reason = 'prepaid') AS prepaid
          FROM entry WHERE p <> 'waiver'
        UNION ALL
        SELECT d, k, doc, CASE p WHEN 'reverse' THEN 0 ELSE -a END, 0, CASE p WHEN 'reverse' THEN 0 ELSE -c END, 0,
               CASE p WHEN 'reverse' THEN -a ELSE 0 END, CASE p WHEN 'reverse' THEN -c ELSE 0 END, false
          FROM entry WHERE p IN ('direct', 'settle', 'reverse')
    ), change AS (
        SELECT account, sum(used) + least(sum(back), 0) AS used, sum(held) AS held, sum(opened) + least(sum(back_count), 0) AS opened,
               sum(held_count) AS held_count, greatest(sum(back), 0) AS back, greatest(sum(back_count), 0) AS back_count,
               bool_or(prepaid) AS prepaid, min(k) = max(k) AND min(doc) = max(doc) AS one_document, min(k) AS kind, min(doc) AS document
          FROM side GROUP BY account
    ), locked AS (
        SELECT c.*, r.group_id, r.is_group FROM change c JOIN ledger_running r ON r.account_id = c.account
         ORDER BY c.account FOR UPDATE OF r
    )
    SELECT array_agg(ROW(account, used, held, opened, held_count, prepaid, CASE WHEN one_document THEN kind END, document,
                         back, back_count, group_id)::ledger_change),
           array_agg(group_id) FILTER (WHERE group_id IS NOT NULL), bool_or(is_group)
      INTO changes, groups, on_group FROM locked;

    IF on_group THEN
        RAISE EXCEPTION 'nothing moves on a group itself, only on its members' USING ERRCODE = 'LQ002';
    END IF;
    IF groups IS NOT NULL THEN
        PERFORM FROM ledger_running WHERE account_id = ANY(groups) ORDER BY account_id FOR UPDATE;
        changes := changes || ARRAY(
            SELECT ROW(c.member_of, sum(c.used), sum(c.held), sum(c.opened), sum(c.held_count), false,
                       CASE WHEN count(c.kind) = count(*) AND min(c.kind) = max(c.kind) AND min(c.document) = max(c.document)
                            THEN min(c.kind) END,
                       min(c.document), sum(c.back), sum(c.back_count), NULL)::ledger_change
              FROM unnest(changes) AS c WHERE c.member_of IS NOT NULL GROUP BY c.member_of);
    END IF;

    IF 'reverse' = ANY(phases) THEN
        PERFORM FROM ledger_posting WHERE id = ANY(ARRAY(SELECT e.r FROM unnest(phases, resolved) AS e(p, r) WHERE e.p = 'reverse'))
          ORDER BY id FOR NO KEY UPDATE;
        SELECT e.n INTO wrong
          FROM (SELECT s, d, c, r, n, sum(a) OVER (PARTITION BY r) AS amount, sum(c) OVER (PARTITION BY r) AS count
                  FROM unnest(sources, destinations, amounts, counts, phases, resolved) WITH ORDINALITY AS u(s, d, a, c, p, r, n)
                 WHERE p = 'reverse') AS e
          LEFT JOIN ledger_posting o ON o.id = e.r AND o.phase IN ('direct', 'settle')
          LEFT JOIN LATERAL (
               SELECT COALESCE(sum(b.amount), 0) AS amount, COALESCE(sum(b.count), 0) AS count
                 FROM ledger_posting b WHERE b.resolves_id = o.id AND b.phase = 'reverse') AS back ON true
         WHERE o.id IS NULL OR o.source_id <> e.d OR o.destination_id <> e.s OR e.c < 0
            OR e.amount > o.amount - back.amount OR e.count > greatest(o.count, 0) - back.count
         LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'entry % takes back more than is left of its posting', wrong USING ERRCODE = 'LQ003';
        END IF;
    END IF;

    IF changes IS NOT NULL THEN
        UPDATE ledger_running r
           SET used = r.used + c.used + c.back, held = r.held + c.held,
               open_count = r.open_count + c.opened + c.back_count, held_count = r.held_count + c.held_count
          FROM unnest(changes) AS c
         WHERE r.account_id = c.account
           AND (c.used + c.held <= 0 OR r.used + r.held + c.used + c.held + c.back <= r."limit"
                OR r.used + r.held + c.used + c.held + c.back <= r."limit" + (
                    SELECT COALESCE(sum(w.amount), 0) FROM ledger_posting w
                     WHERE w.document_kind = c.kind AND w.document_id = c.document AND w.phase = 'waiver'
                       AND w.destination_id = c.account AND (w.expires_at IS NULL OR w.expires_at > p_at)))
           AND (r.count_limit IS NULL OR c.opened + c.held_count <= 0
                OR r.open_count + r.held_count + c.opened + c.held_count + c.back_count <= r.count_limit
                OR r.open_count + r.held_count + c.opened + c.held_count + c.back_count <= r.count_limit + (
                    SELECT COALESCE(sum(w.count), 0) FROM ledger_posting w
                     WHERE w.document_kind = c.kind AND w.document_id = c.document AND w.phase = 'waiver'
                       AND w.destination_id = c.account AND (w.expires_at IS NULL OR w.expires_at > p_at)))
           AND (NOT c.prepaid OR r.used + r.held + c.used + c.held + c.back <= 0);
        GET DIAGNOSTICS passed = ROW_COUNT;
        IF passed <> cardinality(changes) THEN
            RAISE EXCEPTION 'a limit would be exceeded' USING ERRCODE = 'LQ001';
        END IF;
    END IF;

    WITH written AS (
        INSERT INTO ledger_posting (source_id, destination_id, amount, count, unit, phase, resolves_id,
                                    document_kind, document_id, reason, "on", at, expires_at)
        SELECT e.s, e.d, e.a, e.c, a.unit, e.p, e.r, e.k, e.doc, e.reason, p_on, p_at, e.x
          FROM unnest(sources, destinations, amounts, counts, phases, resolved, kinds, documents, reasons, expiries)
               WITH ORDINALITY AS e(s, d, a, c, p, r, k, doc, reason, x, n)
          JOIN ledger_account a ON a.id = e.s
          JOIN ledger_account b ON b.id = e.d AND b.unit = a.unit
         ORDER BY e.n
        RETURNING id
    )
    SELECT array_agg(id ORDER BY id) INTO ids FROM written;
    IF cardinality(ids) IS DISTINCT FROM cardinality(sources) THEN
        RAISE EXCEPTION 'an entry names no account, or two units' USING ERRCODE = 'LQ002';
    END IF;
    RETURN ids;
END $$
"""

JOIN = """
CREATE FUNCTION ledger_join_group(p_account bigint, p_group bigint, p_on date, p_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    member ledger_running;
    whole ledger_running;
BEGIN
    SELECT * INTO member FROM ledger_running WHERE account_id = p_account FOR UPDATE;
    IF member.group_id IS NOT NULL THEN
        RAISE EXCEPTION 'account % is in group %', p_account, member.group_id USING ERRCODE = 'LQ004';
    END IF;
    SELECT * INTO whole FROM ledger_running WHERE account_id = p_group FOR UPDATE;
    IF member.account_id IS NULL OR member.is_group OR whole.is_group IS NOT TRUE
       OR (SELECT count(DISTINCT unit) FROM ledger_account WHERE id IN (p_account, p_group)) <> 1
    THEN
        RAISE EXCEPTION 'account % cannot be in a group %', p_account, p_group USING ERRCODE = 'LQ005';
    END IF;
    UPDATE ledger_running
       SET used = used + member.used, held = held + member.held,
           open_count = open_count + member.open_count, held_count = held_count + member.held_count
     WHERE account_id = p_group
       AND (member.used + member.held <= 0 OR used + held + member.used + member.held <= "limit")
       AND (count_limit IS NULL OR member.open_count + member.held_count <= 0
            OR open_count + held_count + member.open_count + member.held_count <= count_limit);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the limit of group % would be exceeded', p_group USING ERRCODE = 'LQ001';
    END IF;
    UPDATE ledger_running SET group_id = p_group WHERE account_id = p_account;
    INSERT INTO ledger_groupchange (account_id, group_id, "on", at) VALUES (p_account, p_group, p_on, p_at);
END $$
"""

LEAVE = """
CREATE FUNCTION ledger_leave_group(p_account bigint, p_on date, p_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    member ledger_running;
BEGIN
    SELECT * INTO member FROM ledger_running WHERE account_id = p_account FOR UPDATE;
    IF member.group_id IS NULL THEN
        RAISE EXCEPTION 'account % is in no group', p_account USING ERRCODE = 'LQ006';
    END IF;
    UPDATE ledger_running
       SET used = used - member.used, held = held - member.held,
           open_count = open_count - member.open_count, held_count = held_count - member.held_count
     WHERE account_id = member.group_id;
    UPDATE ledger_running SET group_id = NULL WHERE account_id = p_account;
    INSERT INTO ledger_groupchange (account_id, group_id, "on", at) VALUES (p_account, NULL, p_on, p_at);
END $$
"""

GROW_CHANGE = "ALTER TYPE ledger_change ADD ATTRIBUTE back numeric, ADD ATTRIBUTE back_count bigint, ADD ATTRIBUTE member_of bigint"
SHRINK_CHANGE = "ALTER TYPE ledger_change DROP ATTRIBUTE back, DROP ATTRIBUTE back_count, DROP ATTRIBUTE member_of"


class Migration(migrations.Migration):
    """Add the columns, the history of groups, and the functions that keep them."""

    dependencies = (("ledger", "0002_functions"),)
    operations = (
        migrations.AlterField(
            model_name="posting",
            name="phase",
            field=models.CharField(
                choices=[(phase, phase) for phase in ("direct", "hold", "settle", "release", "waiver", "reverse")], max_length=7
            ),
        ),
        migrations.RemoveConstraint(model_name="posting", name="posting_resolves_hold"),
        migrations.RemoveConstraint(model_name="posting", name="posting_resolves_once"),
        migrations.AddConstraint(
            model_name="posting",
            constraint=models.CheckConstraint(
                condition=Q(phase__in=("settle", "release", "reverse"), resolves__isnull=False)
                | (~Q(phase__in=("settle", "release", "reverse")) & Q(resolves__isnull=True)),
                name="posting_resolves",
            ),
        ),
        migrations.AddConstraint(
            model_name="posting",
            constraint=models.UniqueConstraint(
                F("resolves"),
                Case(When(phase="reverse", then=F("id"))),
                condition=Q(resolves__isnull=False),
                name="posting_resolves_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddField(
            model_name="running",
            name="group",
            field=models.ForeignKey(
                db_index=False, help_text="the account whose limit must fit as well", null=True,
                on_delete=django.db.models.deletion.PROTECT, related_name="members", to="ledger.running",
            ),
        ),
        migrations.AddField(model_name="running", name="is_group", field=models.BooleanField(default=False, db_default=False)),
        migrations.AddIndex(
            model_name="running", index=models.Index(fields=("group",), name="running_group", condition=Q(group__isnull=False))
        ),
        migrations.AddConstraint(
            model_name="running",
            constraint=models.CheckConstraint(condition=Q(group__isnull=True) | Q(is_group=False), name="running_no_groups_of_groups"),
        ),
        migrations.CreateModel(
            name="GroupChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="group_changes", to="ledger.account"
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="changes_as_group", to="ledger.account"
                    ),
                ),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(GROW_CHANGE, SHRINK_CHANGE),
        migrations.RunSQL(OPEN, replacing(before.OPEN)),
        migrations.RunSQL(LOCK, replacing(before.LOCK)),
        migrations.RunSQL(POST, replacing(before.POST)),
        migrations.RunSQL(JOIN, "DROP FUNCTION ledger_join_group"),
        migrations.RunSQL(LEAVE, "DROP FUNCTION ledger_leave_group"),
    )  # fmt: skip
