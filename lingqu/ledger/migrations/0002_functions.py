"""The only writers of the ledger. They belong to the owner, so a forgotten path in the application cannot go round them."""

from __future__ import annotations

from django.db import migrations

OPEN = """
CREATE FUNCTION ledger_open(
    p_kind text, p_holder bigint, p_party bigint, p_item bigint, p_place bigint, p_unit text,
    p_limited boolean, p_limit numeric, p_count_limit integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE found bigint;
BEGIN
    INSERT INTO ledger_account (kind, holder_id, party_id, item, place, unit)
    VALUES (p_kind, p_holder, p_party, p_item, p_place, p_unit)
    ON CONFLICT (kind, holder_id, party_id, item, place, unit) DO NOTHING RETURNING id INTO found;
    IF found IS NULL THEN
        SELECT id INTO found FROM ledger_account
         WHERE kind = p_kind AND holder_id = p_holder AND party_id IS NOT DISTINCT FROM p_party
           AND item IS NOT DISTINCT FROM p_item AND place IS NOT DISTINCT FROM p_place AND unit = p_unit;
    ELSIF p_limited THEN
        INSERT INTO ledger_running (account_id, used, held, "limit", open_count, held_count, count_limit)
        VALUES (found, 0, 0, p_limit, 0, 0, p_count_limit);
    END IF;
    RETURN found;
END $$
"""

LOCK = """
CREATE FUNCTION ledger_lock(accounts bigint[]) RETURNS SETOF ledger_running
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
    SELECT * FROM ledger_running WHERE account_id = ANY(accounts) ORDER BY account_id FOR UPDATE
$$
"""

SET_LIMIT = """
CREATE FUNCTION ledger_set_limit(
    p_account bigint, p_limit numeric, p_count_limit integer, p_kind text, p_id bigint, p_on date, p_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE ledger_running SET "limit" = p_limit, count_limit = p_count_limit WHERE account_id = p_account;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'account % keeps no limit', p_account;
    END IF;
    INSERT INTO ledger_limitchange (account_id, "limit", count_limit, document_kind, document_id, "on", at)
    VALUES (p_account, p_limit, p_count_limit, p_kind, p_id, p_on, p_at);
END $$
"""

# Steps: (1) refuse an entry that does not fit the hold which it settles or releases; (2) sum up what the entries change on each limited
# account, and lock those rows in id order; (3) one conditional update that lets through what lowers or fits, where it does not fit with
# the waivers of the one document that asks; (4) refuse when a row was left out; (5) append the postings.
# Entries are few and the tables long, so every look-up goes by index: a plan made while a table was still small would read all of it.
POST = """
CREATE FUNCTION ledger_post(
    sources bigint[], destinations bigint[], amounts numeric[], counts integer[], phases text[], resolved bigint[],
    kinds text[], documents bigint[], reasons text[], expiries timestamptz[], p_on date, p_at timestamptz) RETURNS bigint[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    ids bigint[];
    changes ledger_change[];
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
        OR (e.p NOT IN ('settle', 'release') AND e.r IS NOT NULL)
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
               (p = 'hold' AND reason = 'prepaid') AS prepaid
          FROM entry WHERE p <> 'waiver'
        UNION ALL
        SELECT d, k, doc, -a, 0, -c, 0, false FROM entry WHERE p IN ('direct', 'settle')
    ), change AS (
        SELECT account, sum(used) AS used, sum(held) AS held, sum(opened) AS opened, sum(held_count) AS held_count,
               bool_or(prepaid) AS prepaid, min(k) = max(k) AND min(doc) = max(doc) AS one_document, min(k) AS kind, min(doc) AS document
          FROM side GROUP BY account
    ), locked AS (
        SELECT c.* FROM change c JOIN ledger_running r ON r.account_id = c.account ORDER BY c.account FOR UPDATE OF r
    )
    SELECT array_agg(ROW(account, used, held, opened, held_count, prepaid, CASE WHEN one_document THEN kind END, document)::ledger_change)
      INTO changes FROM locked;

    IF changes IS NOT NULL THEN
        UPDATE ledger_running r
           SET used = r.used + c.used, held = r.held + c.held,
               open_count = r.open_count + c.opened, held_count = r.held_count + c.held_count
          FROM unnest(changes) AS c
         WHERE r.account_id = c.account
           AND (c.used + c.held <= 0 OR r.used + r.held + c.used + c.held <= r."limit"
                OR r.used + r.held + c.used + c.held <= r."limit" + (
                    SELECT COALESCE(sum(w.amount), 0) FROM ledger_posting w
                     WHERE w.document_kind = c.kind AND w.document_id = c.document AND w.phase = 'waiver'
                       AND w.destination_id = c.account AND (w.expires_at IS NULL OR w.expires_at > p_at)))
           AND (r.count_limit IS NULL OR c.opened + c.held_count <= 0
                OR r.open_count + r.held_count + c.opened + c.held_count <= r.count_limit
                OR r.open_count + r.held_count + c.opened + c.held_count <= r.count_limit + (
                    SELECT COALESCE(sum(w.count), 0) FROM ledger_posting w
                     WHERE w.document_kind = c.kind AND w.document_id = c.document AND w.phase = 'waiver'
                       AND w.destination_id = c.account AND (w.expires_at IS NULL OR w.expires_at > p_at)))
           AND (NOT c.prepaid OR r.used + r.held + c.used + c.held <= 0);
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

CHANGE_TYPE = """
CREATE TYPE ledger_change AS (
    account bigint, used numeric, held numeric, opened bigint, held_count bigint, prepaid boolean, kind text, document bigint)
"""


# Running rows change all the time and their key never does: with room on its page a new version of a row needs no new index entry.
ROOM = "ALTER TABLE ledger_running SET (fillfactor = 50)"


class Migration(migrations.Migration):
    """Make the type and the functions."""

    dependencies = (("ledger", "0001_accounts_and_postings"),)
    operations = (
        migrations.RunSQL(ROOM, "ALTER TABLE ledger_running RESET (fillfactor)"),
        migrations.RunSQL(CHANGE_TYPE, "DROP TYPE ledger_change"),
        migrations.RunSQL(OPEN, "DROP FUNCTION ledger_open"),
        migrations.RunSQL(LOCK, "DROP FUNCTION ledger_lock"),
        migrations.RunSQL(SET_LIMIT, "DROP FUNCTION ledger_set_limit"),
        migrations.RunSQL(POST, "DROP FUNCTION ledger_post"),
    )
