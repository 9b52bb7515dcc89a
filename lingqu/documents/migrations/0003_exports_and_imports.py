import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0002_attachment"),
        ("organisation", "0002_more_posts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "posts",
                    models.JSONField(
                        help_text="pairs of post and firm that the owner held; without one of them the export is not handed out"
                    ),
                ),
                ("list", models.CharField(help_text="the key of the list", max_length=40)),
                ("given", models.JSONField(help_text="filters of the list's address")),
                ("language", models.CharField(max_length=2)),
                ("name", models.CharField(max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "waiting"), ("making", "making"), ("ready", "ready"), ("failed", "failed")], max_length=10
                    ),
                ),
                ("rows", models.PositiveIntegerField(default=0, help_text="rows written so far")),
                ("content", models.BinaryField(null=True)),
                ("reason", models.CharField(blank=True, default="", help_text="why there is none", max_length=400)),
                ("asked_at", models.DateTimeField()),
                ("made_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(db_index=True)),
                (
                    "firm",
                    models.ForeignKey(
                        help_text="for which the owner acted",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.firm",
                    ),
                ),
                ("owner", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.person")),
            ],
            options={
                "indexes": [models.Index(fields=["owner", "-id"], name="export_of_owner")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("state", "ready"), _negated=True), ("content__isnull", False), _connector="OR"),
                        name="export_ready_has_content",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(help_text="the key of the import", max_length=40)),
                ("name", models.CharField(max_length=120)),
                ("sha256", models.CharField(max_length=64)),
                ("content", models.BinaryField()),
                (
                    "state",
                    models.CharField(choices=[("looked_at", "looked_at"), ("taken", "taken"), ("dropped", "dropped")], max_length=10),
                ),
                ("sent_at", models.DateTimeField()),
                ("taken_at", models.DateTimeField(null=True)),
                ("taken_as", models.CharField(blank=True, default="", help_text="what became of it, in both languages", max_length=200)),
                ("firm", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.firm")),
                ("sent_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.person")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "dropped"), _negated=True), fields=("firm", "kind", "sha256"), name="importfile_once"
                    )
                ],
            },
        ),
    ]
