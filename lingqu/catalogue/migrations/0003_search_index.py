"""Products are found by any two signs that stand together in number, name or pinyin: an index over these pairs.

Trigrams would not do: people type two Chinese signs, which hold no trigram.
"""

from __future__ import annotations

from django.db import migrations

PAIRS = """
CREATE FUNCTION catalogue_pairs(words text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT ARRAY(SELECT substr(lower(words), place, 2) FROM generate_series(1, greatest(length(words) - 1, 1)) AS place)
$$
"""
SOUGHT = """
CREATE FUNCTION catalogue_sought(code text, name text, pinyin text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT lower(code) || ' ' || lower(name) || ' ' || replace(pinyin, ' ', '') || ' ' || regexp_replace(pinyin, '(\\w)\\w*\\s*', '\\1', 'g')
$$
"""
INDEX = """
CREATE INDEX product_sought ON catalogue_product
 USING gin (catalogue_pairs(catalogue_sought(code::text, name::text, pinyin::text)))
"""


class Migration(migrations.Migration):
    """Two pure functions and the index on them; no table and no column changes."""

    dependencies = (("catalogue", "0002_special_prices"),)
    operations = (
        migrations.RunSQL(PAIRS, "DROP FUNCTION catalogue_pairs(text)"),
        migrations.RunSQL(SOUGHT, "DROP FUNCTION catalogue_sought(text, text, text)"),
        migrations.RunSQL(INDEX, "DROP INDEX product_sought"),
    )
