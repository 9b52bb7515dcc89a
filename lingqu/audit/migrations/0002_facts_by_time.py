import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_facts"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="fact",
            index=django.contrib.postgres.indexes.BrinIndex(autosummarize=True, fields=["at"], name="audit_fact_at", pages_per_range=32),
        ),
    ]
