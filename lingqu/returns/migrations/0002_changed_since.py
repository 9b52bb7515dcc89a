"""Returns and transfers are found by when anything was last done with them; of those that are going on the facts say it."""

from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Greatest


class Migration(migrations.Migration):
    dependencies = [("returns", "0001_returns_and_transfers")]

    operations = [
        migrations.AddIndex(
            model_name="returnrequest",
            index=models.Index(Greatest("asked_at", "agreed_at", "counted_at", "ended_at"), name="returnrequest_changed"),
        ),
        migrations.AddIndex(
            model_name="returnrequest",
            index=models.Index(fields=("id",), condition=Q(state__in=("deciding", "sent_back")), name="returnrequest_deciding"),
        ),
        migrations.AddIndex(
            model_name="transfer",
            index=models.Index(Greatest("asked_at", "given_at", "taken_at", "moved_at", "ended_at"), name="transfer_changed"),
        ),
        migrations.AddIndex(
            model_name="transfer",
            index=models.Index(
                fields=("id",), condition=Q(state__in=("deciding", "sent_back", "agreed", "ordered")), name="transfer_going"
            ),
        ),
    ]
