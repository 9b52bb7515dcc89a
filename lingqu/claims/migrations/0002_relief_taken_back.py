"""What was made good is taken back, once, when its copies come back."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0001_price_claims"), ("orders", "0006_price_relief")]

    operations = [
        migrations.CreateModel(
            name="ReliefTakenBack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("copies", models.PositiveIntegerField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=16)),
                (
                    "return_line",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orders.goodsreturnline"),
                ),
                (
                    "source",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken_back",
                        to="claims.priceclaimsource",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="relieftakenback",
            constraint=models.UniqueConstraint(fields=("source", "return_line"), name="relieftakenback_once"),
        ),
        migrations.AddConstraint(
            model_name="relieftakenback",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gte", 0), ("copies__gt", 0)), name="relieftakenback_of_something"
            ),
        ),
    ]
