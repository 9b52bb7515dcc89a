import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisation", "0002_more_posts"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("prefix", models.CharField(max_length=16, unique=True)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("scopes", models.CharField(help_text="values of Scope, separated by blanks", max_length=200)),
                ("made_at", models.DateTimeField()),
                ("last_day", models.DateField(help_text="the last day on which it opens anything, a year after it was made at the latest")),
                ("used_on", models.DateField(help_text="the last day on which it was used", null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="access_tokens", to="organisation.person"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("scopes", ""), _negated=True), name="accesstoken_opens_something")
                ],
            },
        ),
        migrations.CreateModel(
            name="KeptAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=255)),
                ("part", models.PositiveSmallIntegerField(default=0)),
                ("route", models.CharField(help_text="method and address", max_length=200)),
                ("asked", models.CharField(help_text="SHA-256 of what was sent", max_length=64)),
                ("status", models.PositiveSmallIntegerField()),
                ("media_type", models.CharField(max_length=60)),
                ("body", models.TextField()),
                ("at", models.DateTimeField(db_index=True)),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.person"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person", "key", "part"), name="keptanswer_once")],
            },
        ),
    ]
