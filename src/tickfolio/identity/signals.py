"""What identity says to whom it does not know."""

from __future__ import annotations

from django.dispatch import Signal

sessions_ended = Signal()
"""Sessions of the user `user_id` are over: one of them by signing out, or all others by a new password.

It is sent when what ends them is in the database, or in the transaction that is under way.
"""
