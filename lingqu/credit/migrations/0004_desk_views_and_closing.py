import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("credit", "0003_holds_credits_groups"),
        ("organisation", "0002_more_posts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="groupproposal",
            name="kind",
            field=models.CharField(
                choices=[("open", "open"), ("limit", "limit"), ("join", "join"), ("leave", "leave"), ("close", "close")], max_length=10
            ),
        ),
        migrations.CreateModel(
            name="DeskView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=30)),
                (
                    "query",
                    models.CharField(blank=True, default="", help_text="what is narrowed and sorted, as an address has it", max_length=300),
                ),
                ("kept_at", models.DateTimeField()),
                (
                    "firm",
                    models.ForeignKey(
                        help_text="whose desk it is", on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.firm"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.person"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person", "firm", "name"), name="deskview_name_once")],
            },
        ),
    ]
