"""Copies that come back are credited at their net, less what was credited for them already when their list price fell."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0005_indexes_of_what_waits")]

    operations = [
        migrations.AddField(
            model_name="goodsreturnline",
            name="relief",
            field=models.DecimalField(
                db_default=0,
                decimal_places=2,
                default=0,
                help_text="credited for them already when their list price fell, yuan; not credited again",
                max_digits=16,
            ),
        ),
        migrations.AddField(
            model_name="goodsreturnline",
            name="relief_by",
            field=models.CharField(blank=True, db_default="", default="", help_text="numbers of the documents, by blanks", max_length=200),
        ),
        migrations.AddConstraint(
            model_name="goodsreturnline",
            constraint=models.CheckConstraint(
                condition=models.Q(("relief__gte", 0), ("relief__lte", models.F("net"))), name="goodsreturnline_relief_within"
            ),
        ),
    ]
