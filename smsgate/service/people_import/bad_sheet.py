"""Why a file is no list of people."""

from __future__ import annotations


class BadSheet(Exception):  # noqa: N818 - it is the sheet that is bad
    """`why` is the key of a sentence: empty, too_large, old_excel, no_text, bad_csv, bad_excel, too_many_rows,
    no_columns.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
