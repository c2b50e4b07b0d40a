"""A workbook on its way to a file: written row by row, and in its place only when it is whole."""

import contextlib
import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from planner.files import refuse_unwritable, replace_file, saying_why


@contextlib.contextmanager
def new_book(path: str | os.PathLike[str]) -> Iterator[Any]:
    """A write-only workbook that replaces `path` at the end of the block.

    Raises EnvironmentProblem where the file cannot be written. When the block fails, `path` is as it was.
    """
    refuse_unwritable(path)
    content = BytesIO()  # a zip file that meets a full disk would complain once more when it is let go of
    with saying_why(Path(path)):
        book = Workbook(write_only=True)
        try:
            yield book
        except BaseException:
            with contextlib.suppress(Exception):
                book.save(BytesIO())  # lets go of the parts that openpyxl keeps in temporary files
            raise
        book.save(content)
    with replace_file(path) as fresh:
        fresh.write_bytes(content.getvalue())
