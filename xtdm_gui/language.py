"""The window's language."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from xtdm_core.assets import asset


class Language(StrEnum):
    """The languages that the window speaks, and that of the desktop."""

    SYSTEM = "system"
    ENGLISH = "en"
    GERMAN = "de"


def apply_language(app: QCoreApplication, language: str) -> None:
    """Translate what is built from now on; without a translation it is English.

    language  one of ``Language``, or the code of another
    Numbers follow: 1,000.5 or 1.000,5.
    """
    locale = QLocale.system() if language == Language.SYSTEM else QLocale(language)
    own = QTranslator(app)
    # The folder is there once somebody has translated the window.
    if not own.load(locale, "xtdm", "_", str(asset("icons").with_name("translations"))):
        QLocale.setDefault(QLocale("en"))
        return
    QLocale.setDefault(locale)
    app.installTranslator(own)
    qt = QTranslator(app)  # its own words: Cancel, OK
    if qt.load(locale, "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(qt)
