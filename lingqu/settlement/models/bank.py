"""Bank files as they were read, their lines, and what each line was booked to."""

from __future__ import annotations

from django.db import models

from lingqu.credit.models import CreditLine, Receipt
from lingqu.organisation.models import Firm, Person
from lingqu.settlement.states import LineState


class BankProfile(models.Model):
    """How the files of one bank account are laid out: which heading means what. Saved when a file was read rightly."""

    seller = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    account = models.CharField(max_length=40, blank=True, default="", help_text="our own account number")
    mapping = models.JSONField(help_text="heading in the file per column of ours")
    used_at = models.DateTimeField()

    class Meta:
        """A seller uses a name once."""

        constraints = (models.UniqueConstraint(fields=("seller", "name"), name="bankprofile_once"),)

    def __str__(self) -> str:
        """Return its name."""
        return self.name


class BankUpload(models.Model):
    """A file as the bank made it, looked at before it is taken in. One that was never taken in is thrown away after a week."""

    seller = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(help_text="bytes")
    content = models.BinaryField()
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()

    class Meta:
        """The same file is kept once."""

        constraints = (models.UniqueConstraint(fields=("seller", "sha256"), name="bankupload_once"),)

    def __str__(self) -> str:
        """Return the file's name."""
        return self.name


class BankFile(models.Model):
    """A document: a file of a bank was taken in."""

    seller = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=30, unique=True)
    profile = models.ForeignKey(BankProfile, on_delete=models.PROTECT, related_name="files")
    upload = models.OneToOneField(BankUpload, on_delete=models.PROTECT, related_name="file")
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    lines_count = models.PositiveIntegerField()
    repeated = models.PositiveIntegerField(default=0, help_text="lines that an earlier file had brought already")
    money_in = models.DecimalField(max_digits=16, decimal_places=2)
    money_out = models.DecimalField(max_digits=16, decimal_places=2)
    opening = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    closing = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    since = models.DateField()
    until = models.DateField()
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()

    class Meta:
        """The same file is taken in once."""

        constraints = (models.UniqueConstraint(fields=("seller", "sha256"), name="bankfile_once"),)

    def __str__(self) -> str:
        """Return its number."""
        return self.number


class BankLine(models.Model):
    """One movement on our bank account; `amount` is yuan, more than nothing for money that came in."""

    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, related_name="lines")
    seller = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+", db_index=False)
    row = models.PositiveIntegerField(help_text="row of the file")
    on = models.DateField()
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    balance = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    payer = models.CharField(max_length=120, blank=True, default="")
    payer_account = models.CharField(max_length=40, blank=True, default="")
    payer_bank = models.CharField(max_length=120, blank=True, default="")
    remark = models.CharField(max_length=400, blank=True, default="", help_text="summary, purpose and postscript")
    serial = models.CharField(max_length=60, blank=True, default="", help_text="the bank's own number of the movement")
    fingerprint = models.CharField(max_length=64, help_text="what makes the movement the same one in another file")
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in LineState])
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True, default="", help_text="why it was set aside")

    class Meta:
        """A movement of the bank is kept once."""

        constraints = (models.UniqueConstraint(fields=("seller", "fingerprint"), name="bankline_once"),)
        indexes = (models.Index(fields=("seller", "state", "-id"), name="bankline_by_state"),)

    def __str__(self) -> str:
        """Return day and amount."""
        return f"{self.on} {self.amount}"


class BankBooking(models.Model):
    """Part of a bank line that was booked to a partner as a receipt."""

    bank_line = models.ForeignKey(BankLine, on_delete=models.PROTECT, related_name="bookings")
    receipt = models.OneToOneField(Receipt, on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    why = models.CharField(max_length=200, blank=True, default="", help_text="by which signs it was matched, as codes")

    def __str__(self) -> str:
        """Return the amount."""
        return f"{self.bank_line_id}: {self.amount}"


class PayerAccount(models.Model):
    """An account from which a partner has paid before: the next payment from it is recognised."""

    seller = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+", db_index=False)
    account = models.CharField(max_length=40, blank=True, default="")
    name = models.CharField(max_length=120)
    credit_line = models.ForeignKey(CreditLine, on_delete=models.PROTECT, related_name="+")
    times = models.PositiveIntegerField(default=1)
    last_on = models.DateField()

    class Meta:
        """Known once per partner."""

        constraints = (models.UniqueConstraint(fields=("seller", "account", "name", "credit_line"), name="payeraccount_once"),)

    def __str__(self) -> str:
        """Return the name."""
        return self.name
