"""The yardstick: the least that any program must do for an order, as one function inside PostgreSQL.

One order of ten lines: credit checked against a limit, stock reserved, order and lines written, one commit, nothing durable switched off.
No law is explained, no fact is recorded, no decision is stored, nobody signs in.
"""

from __future__ import annotations

import random
import time
from typing import Final

import psycopg

from lingqu.bench.crew import Load, Work

PARTNERS: Final = 200
PRODUCTS: Final = 500
LINES: Final = 10
MOST_COPIES: Final = 9

SCHEMA: Final = f"""
DROP SCHEMA IF EXISTS yardstick CASCADE;
CREATE SCHEMA yardstick;
SET search_path = yardstick;
CREATE TABLE buyer (
    id integer PRIMARY KEY, name text NOT NULL, allowed numeric(16, 2) NOT NULL, owed numeric(16, 2) NOT NULL DEFAULT 0);
CREATE TABLE title (id integer PRIMARY KEY, name text NOT NULL, price numeric(16, 2) NOT NULL);
CREATE TABLE shelf (title integer PRIMARY KEY REFERENCES title, there integer NOT NULL, promised integer NOT NULL DEFAULT 0);
CREATE TABLE purchase (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, buyer integer NOT NULL REFERENCES buyer, state text NOT NULL,
    net numeric(16, 2) NOT NULL, at timestamptz NOT NULL DEFAULT now());
CREATE INDEX ON purchase (buyer, at);
CREATE TABLE purchase_line (
    purchase bigint NOT NULL REFERENCES purchase, line smallint NOT NULL, title integer NOT NULL REFERENCES title,
    copies integer NOT NULL, price numeric(16, 2) NOT NULL, net numeric(16, 2) NOT NULL, PRIMARY KEY (purchase, line));
CREATE INDEX ON purchase_line (title);
INSERT INTO buyer SELECT n, 'buyer ' || n, 1e12 FROM generate_series(1, {PARTNERS}) AS n;
INSERT INTO title SELECT n, 'title ' || n, 10 + n % 90 FROM generate_series(1, {PRODUCTS}) AS n;
INSERT INTO shelf SELECT n, 2000000000 FROM generate_series(1, {PRODUCTS}) AS n;
CREATE FUNCTION buy(who integer, titles integer[], wanted integer[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    most numeric; already numeric; worth numeric; made bigint; reserved integer;
BEGIN
    PERFORM FROM yardstick.shelf WHERE title = ANY(titles) ORDER BY title FOR UPDATE;
    UPDATE yardstick.shelf AS s SET promised = s.promised + w.copies
      FROM unnest(titles, wanted) AS w(title, copies) WHERE s.title = w.title AND s.promised + w.copies <= s.there;
    GET DIAGNOSTICS reserved = ROW_COUNT;
    IF reserved < cardinality(titles) THEN
        RAISE EXCEPTION 'not enough in stock';
    END IF;
    SELECT allowed, owed INTO most, already FROM yardstick.buyer WHERE id = who FOR UPDATE;
    SELECT sum(t.price * w.copies) INTO worth FROM unnest(titles, wanted) AS w(title, copies) JOIN yardstick.title t ON t.id = w.title;
    IF already + worth > most THEN
        RAISE EXCEPTION 'the limit does not suffice';
    END IF;
    INSERT INTO yardstick.purchase (buyer, state, net) VALUES (who, 'placed', worth) RETURNING id INTO made;
    INSERT INTO yardstick.purchase_line
    SELECT made, w.line, w.title, w.copies, t.price, t.price * w.copies
      FROM unnest(titles, wanted) WITH ORDINALITY AS w(title, copies, line) JOIN yardstick.title t ON t.id = w.title;
    UPDATE yardstick.buyer SET owed = owed + worth WHERE id = who;
    RETURN made;
END $$
"""  # noqa: S608 - made of the numbers above


def make_yardstick(parts: dict[str, str]) -> None:
    """Make the tables and the function; `parts` are libpq parameters of an owner of the scratch database."""
    with psycopg.connect(**parts, autocommit=True) as owner:  # type: ignore[arg-type]
        owner.execute(SCHEMA.encode())
        # Not the empty ones: a plan made for an empty table reads all of it when it has grown.
        owner.execute("ANALYZE yardstick.buyer, yardstick.title, yardstick.shelf")


def make_load(number: int, parts: dict[str, str]) -> Load:
    """Return the load of one client: orders of random buyers for ten random titles, one after the other, each committed."""
    chance = random.Random(number)  # noqa: S311 - a load, no secret
    client = psycopg.connect(**parts, autocommit=True)  # type: ignore[arg-type]
    client.prepare_threshold = 1
    everything = range(1, PRODUCTS + 1)

    def load(until: float) -> Work:
        work = Work()
        while time.monotonic() < until:
            titles = sorted(chance.sample(everything, LINES))
            copies = [chance.randint(1, MOST_COPIES) for _ in titles]
            buyer = chance.randint(1, PARTNERS)
            client.execute("SELECT yardstick.buy(%s, %s::int[], %s::int[])", (buyer, titles, copies)).fetchone()
            work.done += 1
        return work

    return load
