import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("credit", "0004_desk_views_and_closing"),
    ]

    operations = [
        migrations.AlterField(
            model_name="batchcredit",
            name="batch",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="credits", to="credit.batch"),
        ),
        migrations.AddConstraint(
            model_name="batchcredit",
            constraint=models.CheckConstraint(
                condition=models.Q(("batch__isnull", False), ("unapplied", models.F("amount")), _connector="OR"),
                name="batchcredit_waits_without_batch",
            ),
        ),
    ]
