"""Deliveries and reports of differences are found by when anything was last done with them."""

from django.db import migrations, models
from django.db.models.functions import Greatest


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_deliveries_and_differences")]

    operations = [
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(Greatest("shipped_at", "received_at", "late_allowed_at"), name="delivery_changed"),
        ),
        migrations.AddIndex(
            model_name="difference",
            index=models.Index(Greatest("reported_at", "counted_at", "answered_at"), name="difference_changed"),
        ),
    ]
