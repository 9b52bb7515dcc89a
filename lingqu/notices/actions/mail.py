"""One e-mail to one person, through the mail server of a channel."""

from __future__ import annotations

import smtplib
import socket
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from lingqu.base.calendar import CHINA
from lingqu.notices.models import Channel
from lingqu.notices.rules import Answer
from lingqu.notices.states import MailSecurity

SECONDS: Final = 10.0


def send_mail(channel: Channel, *, to: str, words: str, stable_id: str, at: datetime) -> Answer:
    """Send a plain text whose first line is the subject, and return what the server answered; the stable id is the Message-ID."""
    mail = compose(channel, to=to, words=words, stable_id=stable_id, at=at)
    try:
        with _connect(channel) as server:
            if channel.user:
                server.login(channel.user, channel.secret)
            server.send_message(mail, from_addr=channel.address, to_addrs=[to])
    except (smtplib.SMTPException, OSError, ValueError) as error:
        return _failure(error)
    return Answer(taken=True, code="SMTP 250")


def _failure(error: Exception) -> Answer:
    """Return what went wrong: the server's code and words, or a key of TROUBLES."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return Answer(taken=False, code=f"SMTP {code}", words=_plain(said))
    if isinstance(error, smtplib.SMTPResponseException):
        return Answer(taken=False, code=f"SMTP {error.smtp_code}", words=_plain(error.smtp_error))
    names = {
        smtplib.SMTPException: "mail_broken",
        TimeoutError: "timeout",
        ssl.SSLCertVerificationError: "certificate",
        ssl.SSLError: "encryption",
        socket.gaierror: "unknown_host",
        ConnectionRefusedError: "connection_refused",
    }
    return Answer(taken=False, code=next((code for kind, code in names.items() if isinstance(error, kind)), "broken"))


def _plain(said: bytes | str) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else said


def compose(channel: Channel, *, to: str, words: str, stable_id: str, at: datetime) -> EmailMessage:
    """Return the mail: subject, text, and headers that keep automatic answers away."""
    subject, _, text = words.partition("\n")
    mail = EmailMessage(policy=SMTP)
    mail["Subject"], mail["From"], mail["To"] = subject, channel.address, to
    mail["Date"] = format_datetime(at.astimezone(CHINA))
    mail["Message-ID"] = f"<{stable_id}@{channel.address.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text or subject, cte="base64")  # arrives whole even through servers that know seven bits only
    return mail


def _connect(channel: Channel) -> smtplib.SMTP:
    if channel.security == MailSecurity.TLS.value:
        return smtplib.SMTP_SSL(channel.host, channel.port, timeout=SECONDS, context=ssl.create_default_context())
    server = smtplib.SMTP(channel.host, channel.port, timeout=SECONDS)
    if channel.security == MailSecurity.STARTTLS.value:
        server.starttls(context=ssl.create_default_context())
    return server
