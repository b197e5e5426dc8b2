"""Who may see a portfolio, as it is typed."""

from __future__ import annotations

from django import forms

from tickfolio.web.forms.fields import Choice, PageForm

ROLE_CHOICES = (
    ("viewer", "Viewer: sees everything"),
    ("editor", "Editor: also books transactions"),
    ("owner", "Owner: also shares and deletes"),
)


class MemberRoleForm(PageForm):
    """Another role for a member."""

    role = Choice(label="Role", choices=[(role, role.capitalize()) for role, _ in ROLE_CHOICES], what="a role")


class NewMemberForm(PageForm):
    """Somebody to share the portfolio with, as what."""

    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        help_text="Of somebody who has an account here.",
        error_messages={
            "required": "Expected an e-mail address, was nothing.",
            "invalid": "Expected an e-mail address such as bob@example.org, was %(value)s.",
        },
        widget=forms.EmailInput(attrs={"class": "input", "autocomplete": "off", "spellcheck": "false"}),
    )
    role = Choice(label="Role", choices=ROLE_CHOICES, what="a role")
