"""Text that its writer's client has wrapped (RFC 3676, format=flowed), as it was typed."""

from __future__ import annotations

SIGNATURE = "-- "
"""The one line that ends in a space and is whole (RFC 3676, 4.3)."""


def unwrap(text: str, *, spaces_go: bool) -> str:
    """Lines that belong together as one; `spaces_go`: the space at a line's end was no one's (DelSp=yes)."""
    whole: list[str] = []
    waits: str | None = None  # the quote marks of the line that goes on
    for line in text.replace("\r\n", "\n").split("\n"):
        bare = line.lstrip(">")
        marks, bare = line[: len(line) - len(bare)], bare.removeprefix(" ")
        goes_on = bare.endswith(" ") and bare != SIGNATURE
        said = bare[:-1] if goes_on and spaces_go else bare
        if waits == marks and bare != SIGNATURE:
            whole[-1] += said
        else:
            whole.append(f"{marks} {said}" if marks else said)
        waits = marks if goes_on else None
    return "\n".join(whole)
