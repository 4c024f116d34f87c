"""What can be asked of any provider about its connections: one that keeps none has none."""

from __future__ import annotations

from collections.abc import Callable

from smsgate.service.links import LinkState, LinkStatus
from smsgate.service.ports import Provider


def links_of(provider: Provider) -> tuple[LinkStatus, ...]:
    """Its connections; none where it keeps none."""
    links: Callable[[], tuple[LinkStatus, ...]] | None = getattr(provider, "links", None)
    return links() if links is not None else ()


def blocked(provider: Provider) -> str:
    """Why nothing can go out by it; empty: something can, or it doesn't know. Its own word counts, if it has one."""
    own: str | None = getattr(provider, "blocked", None)
    if own is not None:
        return own
    links = links_of(provider)
    if links and not any(link.state is LinkState.BOUND and link.role != "in" for link in links):
        worst = next((link for link in links if link.role != "in"), links[0])
        return worst.why or worst.state.value
    return ""
