"""The zip file that a workbook is, whoever made it."""

import zipfile
from pathlib import Path
from typing import IO, Any

from planner.exchange.workbook.limits import LARGEST_OTHER, LARGEST_SHEET, LARGEST_STRINGS


class DamageError(Exception):
    """A fault that was found without the help of a library: why, and what to do."""

    def __init__(self, reason: str, step: str = "; ask for the file again, or save it anew in a spreadsheet program"):
        super().__init__(reason + step)


class Archive(zipfile.ZipFile):
    """A zip file that refuses parts too large to be honest before it unpacks them.

    zipfile never yields more bytes than a part declares, so the declared size is the most that is unpacked.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        for part in self.filelist:  # some programs separate folders the way of Windows
            part.filename = part.filename.replace("\\", "/")
        self.NameToInfo = {part.filename: part for part in self.filelist}

    def open(self, name: Any, mode: Any = "r", pwd: Any = None, *, force_zip64: bool = False) -> IO[bytes]:
        part = name if isinstance(name, zipfile.ZipInfo) else self.getinfo(name)
        text = part.filename.lower()
        limit = LARGEST_OTHER
        if "sharedstrings" in text:
            limit = LARGEST_STRINGS
        elif "worksheets/" in text and not text.endswith(".rels"):
            limit = LARGEST_SHEET
        if part.file_size > limit:
            raise DamageError(f"its part {part.filename} unpacks to {part.file_size >> 20} MB")
        return super().open(name, mode, pwd, force_zip64=force_zip64)
