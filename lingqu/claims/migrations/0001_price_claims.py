import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("approvals", "0001_approvals_steps_signers"),
        ("catalogue", "0004_isbn"),
        ("credit", "0008_credits_for_price_cuts"),
        ("orders", "0005_indexes_of_what_waits"),
        ("organisation", "0003_tokens_and_kept_answers"),
    ]

    operations = [
        migrations.CreateModel(
            name="PriceClaim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, unique=True)),
                ("key", models.CharField(help_text="made by the sender before sending: the same key is the same claim", max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "asked"),
                            ("sent_back", "sent_back"),
                            ("credited", "credited"),
                            ("refused", "refused"),
                            ("withdrawn", "withdrawn"),
                        ],
                        max_length=10,
                    ),
                ),
                ("note", models.CharField(blank=True, default="", max_length=400)),
                ("copies", models.PositiveIntegerField(help_text="copies that are made good")),
                ("amount", models.DecimalField(decimal_places=2, help_text="yuan, the sum of the lines", max_digits=16)),
                (
                    "window_days",
                    models.PositiveIntegerField(help_text="days before a cut in which copies were shipped, as the regulation said"),
                ),
                (
                    "share",
                    models.DecimalField(decimal_places=2, help_text="percent of the difference, as the regulation said", max_digits=5),
                ),
                ("regulation", models.CharField(max_length=60)),
                ("asked_at", models.DateTimeField()),
                ("credited_at", models.DateTimeField(null=True)),
                ("ended_because", models.CharField(blank=True, default="", max_length=400)),
                (
                    "approval",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="approvals.approval"),
                ),
                ("asked_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.person")),
                (
                    "asked_for",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.person"),
                ),
                (
                    "buyer",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="price_claims", to="organisation.firm"
                    ),
                ),
                (
                    "credit",
                    models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="credit.batchcredit"),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.firm"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PriceClaimLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveSmallIntegerField()),
                ("old_price", models.DecimalField(decimal_places=4, max_digits=14)),
                ("stock", models.PositiveIntegerField(help_text="copies that the partner has, as it says")),
                ("shipped", models.PositiveIntegerField(help_text="copies shipped in the window that had not come back")),
                ("claimed", models.PositiveIntegerField(help_text="of them named by earlier claims")),
                ("copies", models.PositiveIntegerField(help_text="copies that are made good")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=16)),
                (
                    "claim",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="claims.priceclaim"
                    ),
                ),
                (
                    "price",
                    models.ForeignKey(
                        help_text="the new price, by which the cut is known",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.listprice",
                    ),
                ),
                ("product", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalogue.product")),
            ],
        ),
        migrations.CreateModel(
            name="PriceClaimSource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("copies", models.PositiveIntegerField()),
                ("drop", models.DecimalField(decimal_places=4, max_digits=14)),
                ("discount_bp", models.PositiveIntegerField()),
                (
                    "claim_line",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="sources", to="claims.priceclaimline"),
                ),
                ("order_line", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orders.orderline")),
            ],
        ),
        migrations.AddIndex(
            model_name="priceclaim",
            index=models.Index(fields=["seller", "-id"], name="priceclaim_of_seller"),
        ),
        migrations.AddIndex(
            model_name="priceclaim",
            index=models.Index(fields=["buyer", "-id"], name="priceclaim_of_buyer"),
        ),
        migrations.AddConstraint(
            model_name="priceclaim",
            constraint=models.UniqueConstraint(fields=("asked_by", "key"), name="priceclaim_key_once"),
        ),
        migrations.AddConstraint(
            model_name="priceclaim",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="priceclaim_of_something"),
        ),
        migrations.AddConstraint(
            model_name="priceclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("credit__isnull", False), ("state", "credited")),
                    models.Q(models.Q(("state", "credited"), _negated=True), ("credit__isnull", True)),
                    _connector="OR",
                ),
                name="priceclaim_credited_has_credit",
            ),
        ),
        migrations.AddConstraint(
            model_name="priceclaimline",
            constraint=models.UniqueConstraint(fields=("claim", "line"), name="priceclaimline_once"),
        ),
        migrations.AddConstraint(
            model_name="priceclaimline",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0), ("copies__gt", 0)), name="priceclaimline_of_something"),
        ),
        migrations.AddConstraint(
            model_name="priceclaimsource",
            constraint=models.CheckConstraint(condition=models.Q(("copies__gt", 0), ("drop__gt", 0)), name="priceclaimsource_of_something"),
        ),
    ]
