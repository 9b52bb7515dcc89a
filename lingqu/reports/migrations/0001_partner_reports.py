import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalogue", "0004_isbn"),
        ("organisation", "0004_sign_in_that_holds"),
    ]

    operations = [
        migrations.CreateModel(
            name="PartnerReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, unique=True)),
                ("key", models.CharField(help_text="made by the sender before sending: the same key is the same report", max_length=64)),
                ("kind", models.CharField(choices=[("month", "month"), ("half_year", "half_year"), ("year", "year")], max_length=10)),
                ("period_start", models.DateField()),
                ("period_end", models.DateField(help_text="the day after the last")),
                (
                    "state",
                    models.CharField(
                        choices=[("submitted", "submitted"), ("questioned", "questioned"), ("answered", "answered")], max_length=10
                    ),
                ),
                ("due_on", models.DateField()),
                ("late_days", models.PositiveSmallIntegerField(help_text="when it was first handed in")),
                ("sold", models.PositiveIntegerField(help_text="copies, as the partner says")),
                ("value", models.DecimalField(decimal_places=2, help_text="list value of what was sold, yuan", max_digits=16)),
                ("stock", models.PositiveIntegerField(help_text="copies at the end")),
                ("near_expiry", models.PositiveIntegerField(help_text="of them near expiry")),
                ("promotions", models.CharField(blank=True, default="", max_length=2000)),
                ("market", models.CharField(max_length=2000)),
                ("retailers", models.CharField(blank=True, default="", help_text="how the agent's retailers develop", max_length=2000)),
                ("demand", models.CharField(help_text="demand and plans of the time to come", max_length=2000)),
                ("known", models.JSONField(help_text="what the product knew itself when it was handed in or changed (`Figures`)")),
                ("regulation", models.CharField(max_length=60)),
                ("question", models.CharField(blank=True, default="", help_text="what was asked back last", max_length=2000)),
                ("guidance", models.CharField(blank=True, default="", max_length=2000)),
                ("answered_at", models.DateTimeField(null=True)),
                ("asked_at", models.DateTimeField()),
                (
                    "answered_by",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.person"),
                ),
                ("asked_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.person")),
                (
                    "asked_for",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.person"),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="organisation.firm"
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        db_index=False,
                        help_text="who is reported to",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.firm",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReportLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveSmallIntegerField()),
                ("sold", models.PositiveIntegerField()),
                ("value", models.DecimalField(decimal_places=2, max_digits=16)),
                ("stock", models.PositiveIntegerField()),
                ("near_expiry", models.PositiveIntegerField()),
                (
                    "discipline",
                    models.ForeignKey(
                        help_text="empty: all together",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.discipline",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="reports.partnerreport"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="partnerreport",
            index=models.Index(fields=["seller", "-id"], name="partnerreport_of_seller"),
        ),
        migrations.AddIndex(
            model_name="partnerreport",
            index=models.Index(fields=["partner", "-id"], name="partnerreport_of_partner"),
        ),
        migrations.AddConstraint(
            model_name="partnerreport",
            constraint=models.UniqueConstraint(fields=("asked_by", "key"), name="partnerreport_key_once"),
        ),
        migrations.AddConstraint(
            model_name="partnerreport",
            constraint=models.UniqueConstraint(
                fields=("partner", "seller", "period_start", "period_end"), name="partnerreport_once_for_its_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="partnerreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "answered"), _negated=True),
                    models.Q(models.Q(("guidance", ""), _negated=True), ("answered_by__isnull", False)),
                    _connector="OR",
                ),
                name="partnerreport_answered_has_guidance",
            ),
        ),
        migrations.AddConstraint(
            model_name="partnerreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("period_end__gt", models.F("period_start"))), name="partnerreport_of_some_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="reportline",
            constraint=models.UniqueConstraint(fields=("report", "line"), name="reportline_once"),
        ),
        migrations.AddConstraint(
            model_name="reportline",
            constraint=models.CheckConstraint(
                condition=models.Q(("near_expiry__lte", models.F("stock"))), name="reportline_near_expiry_within"
            ),
        ),
    ]
