"""`python -m lingqu.operate.migrate`: bring the tables up to date as the owner; Django has one role per process, so this is one."""

from __future__ import annotations

import django
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from lingqu.operate.schema import MARK


def main() -> None:
    """Apply all migrations. Two at once, on two machines even, wait for each other; the table of migrations is marked as ours first."""
    django.setup()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('lingqu migrate'))")
        with transaction.atomic():
            MigrationRecorder(connection).ensure_schema()
            cursor.execute(f"COMMENT ON TABLE django_migrations IS '{MARK}'")
    call_command("migrate", interactive=False, verbosity=1)


if __name__ == "__main__":
    main()
