"""The newest settled batches and receipts of a partner are found at once, however many years lie behind them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("credit", "0006_retailer_terms")]

    operations = [
        migrations.AddIndex(
            model_name="batch",
            index=models.Index(condition=models.Q(("settled_on__isnull", False)), fields=["line", "-settled_on"], name="batch_settled"),
        ),
        migrations.AddIndex(model_name="receipt", index=models.Index(fields=["line", "-id"], name="receipt_of_line")),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(condition=models.Q(("reversed_at__isnull", False)), fields=["line", "-id"], name="receipt_reversed"),
        ),
    ]
