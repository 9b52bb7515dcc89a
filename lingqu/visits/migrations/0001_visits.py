import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("approvals", "0001_approvals_steps_signers"),
        ("organisation", "0003_tokens_and_kept_answers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, unique=True)),
                ("key", models.CharField(help_text="made by the sender before sending: the same key is the same visit", max_length=64)),
                ("planned_on", models.DateField()),
                ("purpose", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "planned"),
                            ("review", "review"),
                            ("sent_back", "sent_back"),
                            ("confirmed", "confirmed"),
                            ("refused", "refused"),
                            ("cancelled", "cancelled"),
                        ],
                        max_length=10,
                    ),
                ),
                ("visited_on", models.DateField(null=True)),
                ("met", models.CharField(blank=True, default="", help_text="whom one met", max_length=200)),
                ("found", models.CharField(blank=True, default="", max_length=2000)),
                ("agreed", models.CharField(blank=True, default="", max_length=2000)),
                (
                    "also",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("stock_count", "stock_count"),
                                ("shop_audit", "shop_audit"),
                                ("market_survey", "market_survey"),
                                ("collection_visit", "collection_visit"),
                            ],
                            max_length=20,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                ("again_on", models.DateField(null=True)),
                ("regulation", models.CharField(blank=True, default="", max_length=60)),
                ("asked_at", models.DateTimeField()),
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
                    "partner",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="visits", to="organisation.firm"
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.firm"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["seller", "-id"], name="visit_of_seller"),
                    models.Index(fields=["partner", "visited_on"], name="visit_of_partner"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("asked_by", "key"), name="visit_key_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("planned", "cancelled")), ("visited_on__isnull", False), _connector="OR"),
                        name="visit_recorded_has_day",
                    ),
                ],
            },
        ),
    ]
