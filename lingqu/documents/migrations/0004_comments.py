import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0003_exports_and_imports"),
        ("organisation", "0003_tokens_and_kept_answers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("document_kind", models.CharField(help_text="the module's word for the document, such as price_claim", max_length=20)),
                ("document_id", models.BigIntegerField()),
                ("words", models.CharField(max_length=1000)),
                ("inside", models.BooleanField(default=False, help_text="for the people of the speaker's own firm alone")),
                ("said_at", models.DateTimeField()),
                ("said_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.person")),
            ],
            options={
                "indexes": [models.Index(fields=["document_kind", "document_id"], name="comment_of_document")],
            },
        ),
    ]
