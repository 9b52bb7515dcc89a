import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0004_comments"),
        ("organisation", "0003_tokens_and_kept_answers"),
    ]

    operations = [
        migrations.CreateModel(
            name="SentForm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=32)),
                ("asked", models.CharField(help_text="SHA-256 of the address and of what was typed and attached", max_length=64)),
                ("leads_to", models.CharField(help_text="the address of what came of it", max_length=2000)),
                ("at", models.DateTimeField(db_index=True)),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.person"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person", "asked"], name="sentform_asked")],
                "constraints": [models.UniqueConstraint(fields=("person", "key"), name="sentform_once")],
            },
        ),
    ]
