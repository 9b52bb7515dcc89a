"""A title has an ISBN of its own beside its number."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column that is empty at first, unique where it is not, and found by its first digits."""

    dependencies = (("catalogue", "0003_search_index"), ("organisation", "0003_tokens_and_kept_answers"))
    operations = (
        migrations.AddField(
            model_name="product",
            name="isbn",
            field=models.CharField(blank=True, default="", help_text="13 digits without dashes; empty without one", max_length=13),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(
                condition=models.Q(("isbn", ""), _negated=True), fields=["isbn"], name="product_isbn", opclasses=("varchar_pattern_ops",)
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.UniqueConstraint(
                condition=models.Q(("isbn", ""), _negated=True), fields=("publisher", "isbn"), name="product_isbn_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(("isbn", ""), ("isbn__regex", "^97[89][0-9]{10}$"), _connector="OR"), name="product_isbn_digits"
            ),
        ),
    )
