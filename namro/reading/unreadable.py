"""The one error of this room: a document that cannot, or must not, be read."""

from __future__ import annotations


class UnreadableDocument(Exception):
    """A document that cannot be read (văn bản không đọc được).

    `code` is stable upper-case English; the message is Vietnamese and names file, reason and mend.
    """

    def __init__(self, code: str, file: str, why: str, mend: str) -> None:
        self.code = code
        self.file = file
        self.why = why
        self.mend = mend
        super().__init__(f"Không đọc được “{file}”: {why} {mend}")

    def __reduce__(self) -> tuple[type[UnreadableDocument], tuple[str, str, str, str]]:
        """So that it comes whole out of a process that read a page."""
        return type(self), (self.code, self.file, self.why, self.mend)
