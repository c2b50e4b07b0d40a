"""What the window relies on in Qt itself."""

import sys

from PySide6.QtGui import QFont, QRawFont
from PySide6.QtWidgets import QApplication, QLabel


def test_that_calls_which_return_none_do_not_use_up_none(application: QApplication) -> None:
    label = QLabel()
    before = sys.getrefcount(None)

    for _ in range(2000):
        label.setText("x")

    assert sys.getrefcount(None) > before - 1000


def test_that_text_is_drawn_in_letters_not_in_boxes(application: QApplication) -> None:
    font = QRawFont.fromFont(QFont(application.font()))

    assert 0 not in font.glyphIndexesForString("Coverage 79 %")
