"""A credit may be for a list price that was lowered."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One more cause of a credit; no row and no column changes."""

    dependencies = [
        ("credit", "0007_indexes_of_the_past"),
    ]

    operations = [
        migrations.AlterField(
            model_name="batchcredit",
            name="cause",
            field=models.CharField(
                choices=[
                    ("cancelled", "cancelled"),
                    ("closed", "closed"),
                    ("amended", "amended"),
                    ("returned", "returned"),
                    ("price_cut", "price_cut"),
                ],
                max_length=12,
            ),
        ),
    ]
