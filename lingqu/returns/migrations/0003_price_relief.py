"""Of copies that are to go back is kept what was credited for them already when their list price fell."""

from django.db import migrations, models

RELIEF = "credited for them already when their list price fell, as it stood when they were asked for, yuan"


class Migration(migrations.Migration):
    dependencies = [("returns", "0002_changed_since")]

    operations = [
        operation
        for model in ("returnsource", "transfersource")
        for operation in (
            migrations.AddField(
                model_name=model,
                name="relief",
                field=models.DecimalField(db_default=0, decimal_places=2, default=0, help_text=RELIEF, max_digits=16),
            ),
            migrations.AddField(
                model_name=model,
                name="relief_by",
                field=models.CharField(
                    blank=True, db_default="", default="", help_text="numbers of the documents, by blanks", max_length=200
                ),
            ),
        )
    ]
