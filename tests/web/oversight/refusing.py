"""A mail server that takes nothing: what the site does then is what is tested."""

import smtplib

from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    """Refuses every letter as a full mailbox would."""

    def send_messages(self, messages):
        raise smtplib.SMTPResponseException(452, "hộp thư đầy")
