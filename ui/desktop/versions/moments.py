"""Moments as people say them."""

from datetime import datetime


def moment_words(text: str) -> str:
    """A moment (ISO 8601): `today at 09:42`, `on 20 Nov 2026 at 09:42`; empty where it cannot be read."""
    try:
        moment = datetime.fromisoformat(text).astimezone()
    except ValueError:
        return ""
    day = "today" if moment.date() == datetime.now().astimezone().date() else f"on {moment:%d %b %Y}"
    return f"{day} at {moment:%H:%M}"
