import smtplib
from email.message import EmailMessage

import pytest

from tests.servers.mail import mail_server


def mail(text: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "a@example.org", "b@example.org", "ä subject"
    made.set_content(text)
    return made


def test_a_mail_arrives_as_it_was_sent() -> None:
    with mail_server() as server, smtplib.SMTP("127.0.0.1", server.port) as client:
        client.send_message(mail("one line\n.a dot at the beginning\n"))
    assert server.to("b@example.org")[0]["Subject"] == "ä subject"
    assert server.mails[0].get_content().strip() == "one line\n.a dot at the beginning"
    assert server.to("c@example.org") == []


def test_a_server_that_refuses_takes_nothing() -> None:
    with mail_server() as server, smtplib.SMTP("127.0.0.1", server.port) as client:
        server.refuses = True
        with pytest.raises(smtplib.SMTPSenderRefused):
            client.send_message(mail("text"))
    assert server.mails == []
