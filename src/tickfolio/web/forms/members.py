"""Who may see a portfolio, as it is typed."""

from __future__ import annotations

from django import forms

from tickfolio.web.forms.fields import Choice, PageForm
from tickfolio.words import marked_phrase

ROLE_CHOICES = (
    ("viewer", marked_phrase("Viewer: sees everything")),
    ("editor", marked_phrase("Editor: also books transactions")),
    ("owner", marked_phrase("Owner: also shares and deletes")),
)


class MemberRoleForm(PageForm):
    """Another role for a member."""

    role = Choice(
        label=marked_phrase("Role"),
        choices=[(role, marked_phrase(role.capitalize())) for role, _ in ROLE_CHOICES],
        what="a role",
    )


class NewMemberForm(PageForm):
    """Somebody to share the portfolio with, as what."""

    email = forms.EmailField(
        label=marked_phrase("E-mail address"),
        max_length=254,
        help_text=marked_phrase("Of somebody who has an account here."),
        error_messages={
            "required": marked_phrase("Expected an e-mail address; the field is empty."),
            "invalid": marked_phrase("Expected an e-mail address such as bob@example.org, was %(value)s."),
        },
        widget=forms.EmailInput(attrs={"class": "input", "autocomplete": "off", "spellcheck": "false"}),
    )
    role = Choice(label=marked_phrase("Role"), choices=ROLE_CHOICES, what="a role")
