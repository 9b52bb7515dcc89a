"""A credit says what earlier write-offs it lowered, and may be for goods that arrived other than sent; a note says for whom it was made."""

from django.db import migrations, models
from django.db.models import PROTECT, F, Q

DIFFERENCES = """
DO $$
BEGIN
    IF to_regclass('orders_difference') IS NOT NULL THEN
        UPDATE credit_batchcredit SET cause = 'difference'
         WHERE cause = 'returned' AND id IN (SELECT g.credit_id FROM orders_goodsreturn g
                                               JOIN orders_difference f ON f.goods_return_id = g.id);
    END IF;
END
$$
"""
"""Those given before for differences were told apart by their papers only. A new database has no orders yet when this runs."""


class Migration(migrations.Migration):
    dependencies = [("credit", "0008_credits_for_price_cuts"), ("organisation", "0001_firms_and_people")]

    operations = [
        migrations.AddField(
            model_name="batchcredit",
            name="lowered",
            field=models.DecimalField(
                db_default=0,
                decimal_places=2,
                default=0,
                help_text="what took the place of earlier write-offs of the batch, yuan",
                max_digits=16,
            ),
        ),
        migrations.AlterField(
            model_name="batchcredit",
            name="cause",
            field=models.CharField(
                choices=[
                    ("cancelled", "cancelled"),
                    ("closed", "closed"),
                    ("amended", "amended"),
                    ("returned", "returned"),
                    ("difference", "difference"),
                    ("price_cut", "price_cut"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="batchcredit",
            constraint=models.CheckConstraint(
                condition=Q(lowered__gte=0, lowered__lte=F("amount") - F("unapplied")), name="batchcredit_lowers_what_it_applies"
            ),
        ),
        migrations.AddField(
            model_name="collectionnote",
            name="made_for",
            field=models.ForeignKey(
                help_text="the absent person for whom a stand-in did it",
                null=True,
                on_delete=PROTECT,
                related_name="+",
                to="organisation.person",
            ),
        ),
        migrations.RunSQL(DIFFERENCES, migrations.RunSQL.noop),
    ]
