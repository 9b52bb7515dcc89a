import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisation", "0003_tokens_and_kept_answers"),
    ]

    operations = [
        migrations.AddField(
            model_name="signin",
            name="epoch",
            field=models.PositiveIntegerField(
                default=0, help_text="counts up when all sessions end: those of an earlier number open nothing"
            ),
        ),
        migrations.AddField(
            model_name="signin",
            name="second_factor_at",
            field=models.DateTimeField(help_text="since when a code is asked for after the password; None: never", null=True),
        ),
        migrations.CreateModel(
            name="FailedTry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(blank=True, default="", help_text="of the sign-in name; empty where none was given", max_length=64),
                ),
                ("address", models.CharField(help_text="of the address from which it came", max_length=64)),
                ("at", models.DateTimeField(db_index=True)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("name", ""), _negated=True), fields=["name", "at"], name="failedtry_name"),
                    models.Index(fields=["address", "at"], name="failedtry_address"),
                ],
            },
        ),
        migrations.CreateModel(
            name="OpenSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(help_text="of the session; never shown", max_length=40, unique=True)),
                ("browser", models.CharField(blank=True, default="", help_text="what the browser says of itself", max_length=300)),
                ("address", models.CharField(blank=True, default="", max_length=45)),
                ("since", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="open_sessions", to="organisation.person"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ResetLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("until", models.DateTimeField(help_text="the moment at which it is over")),
                ("used_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("made_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.person")),
                (
                    "person",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="reset_links", to="organisation.person"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("telephone", models.CharField(blank=True, default="", max_length=30)),
                ("login", models.CharField(db_index=True, max_length=60)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("until", models.DateTimeField(help_text="the moment at which it is over")),
                ("used_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "firm",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="invitations", to="organisation.firm"),
                ),
                ("made_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.person")),
                (
                    "person",
                    models.OneToOneField(
                        help_text="who came",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitation",
                        to="organisation.person",
                    ),
                ),
                ("post", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.post")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("person__isnull", True), ("used_at__isnull", True)),
                            models.Q(("person__isnull", False), ("used_at__isnull", False), ("withdrawn_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="invitation_used_by_somebody",
                    )
                ],
            },
        ),
    ]
