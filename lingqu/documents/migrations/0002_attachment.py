import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0001_number_series"),
        ("organisation", "0002_more_posts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("document_kind", models.CharField(help_text="the module's word for the document, such as order", max_length=20)),
                ("document_id", models.BigIntegerField()),
                (
                    "role",
                    models.CharField(help_text="what it is to the document, such as contract, countersigned, evidence", max_length=20),
                ),
                ("name", models.CharField(max_length=120)),
                ("media_type", models.CharField(max_length=100)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField(help_text="bytes")),
                ("content", models.BinaryField()),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.person"),
                ),
                (
                    "on_behalf_of",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.person"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["document_kind", "document_id"], name="attachment_of_document")],
                "constraints": [models.UniqueConstraint(fields=("document_kind", "document_id", "role", "sha256"), name="attachment_once")],
            },
        ),
    ]
