"""Single duties, which another module asks for once: their key, and the page on which they are done."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A duty of a rule stays one for each period; a single one is one for each key."""

    dependencies = (("duties", "0001_calendar_duties_papers"),)

    operations = (
        migrations.AddField(
            model_name="duty",
            name="key",
            field=models.CharField(
                blank=True, db_default="", default="", help_text="what a single duty is about; empty: a rule's", max_length=60
            ),
        ),
        migrations.AddField(
            model_name="duty",
            name="link",
            field=models.CharField(
                blank=True, db_default="", default="", help_text="the page on which a single duty is done", max_length=200
            ),
        ),
        migrations.AlterField(
            model_name="duty",
            name="rhythm",
            field=models.CharField(
                choices=[
                    ("monthly", "monthly"),
                    ("quarterly", "quarterly"),
                    ("half_yearly", "half_yearly"),
                    ("yearly", "yearly"),
                    ("once", "once"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="rulestart",
            name="rhythm",
            field=models.CharField(
                choices=[
                    ("monthly", "monthly"),
                    ("quarterly", "quarterly"),
                    ("half_yearly", "half_yearly"),
                    ("yearly", "yearly"),
                    ("once", "once"),
                ],
                max_length=12,
            ),
        ),
        migrations.RemoveConstraint(model_name="duty", name="duty_once"),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.UniqueConstraint(
                condition=models.Q(("key", "")), fields=("issuer", "rule", "firm", "period_start", "period_end"), name="duty_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.UniqueConstraint(
                condition=models.Q(models.Q(("key", ""), _negated=True), models.Q(("state", "void"), _negated=True)),
                fields=("issuer", "rule", "key"),
                name="duty_asked_once",
            ),
        ),
    )
