"""What waits is found by its time limit, by who asked and by the promised day, however many thousands of requests wait."""

from django.db import migrations, models

# Among a million old requests a few thousand that wait are one in a hundred: the planner must know of them before a tenth has changed.
KNOWN_SOON = "ALTER TABLE orders_order SET (autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 2000)"
ALONE = "ALTER TABLE orders_order RESET (autovacuum_analyze_scale_factor, autovacuum_analyze_threshold)"


class Migration(migrations.Migration):
    dependencies = [("orders", "0004_changed_since")]

    operations = [
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("state__in", ("held", "review", "expired"))),
                fields=["seller", "answer_until", "id"],
                name="order_to_answer",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("state__in", ("held", "review", "expired"))), fields=["buyer", "state"], name="order_asked_by"
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("state__in", ("accepted", "part_shipped"))), fields=["seller", "ship_on", "id"], name="order_to_ship"
            ),
        ),
        migrations.RunSQL(KNOWN_SOON, ALONE),
    ]
