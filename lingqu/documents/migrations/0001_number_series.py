"""The function behind `take_numbers`: sequences are made when their series and year first occur."""

from __future__ import annotations

from django.db import migrations

TAKE = """
CREATE FUNCTION documents_take_numbers(series text, year integer, many integer) RETURNS TABLE(number text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE sequence text := format('documents_number_%s_%s', lower(series), year);
BEGIN
    IF series !~ '^[A-Z]{2}$' OR year NOT BETWEEN 1990 AND 2200 OR many NOT BETWEEN 1 AND 10000 THEN
        RAISE EXCEPTION 'no such number series: % %', series, year;
    END IF;
    IF to_regclass(sequence) IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtext(sequence));
        EXECUTE format('CREATE SEQUENCE IF NOT EXISTS %I', sequence);
    END IF;
    RETURN QUERY SELECT series || '-' || year || '-' || lpad(taken.n::text, greatest(4, length(taken.n::text)), '0')
      FROM (SELECT nextval(sequence::regclass) AS n FROM generate_series(1, many)) AS taken;
END $$
"""


class Migration(migrations.Migration):
    """Make the function."""

    dependencies = ()
    operations = (migrations.RunSQL(TAKE, "DROP FUNCTION documents_take_numbers(text, integer, integer)"),)
