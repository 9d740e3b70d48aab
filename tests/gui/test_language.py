"""The window in another language."""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QSettings, QTranslator
from PySide6.QtWidgets import QApplication, QMenu

from xtdm_core.assets import asset
from xtdm_core.develop.tone import Look
from xtdm_core.progress import Stage
from xtdm_gui.export.panel import ExportPanel
from xtdm_gui.filmstrip.thumbnail_cache import ThumbnailCache
from xtdm_gui.formatting import number
from xtdm_gui.language import apply_language
from xtdm_gui.pictures.current_network import CurrentNetwork
from xtdm_gui.pictures.renderings import Source
from xtdm_gui.stage_texts import stage_text, stage_texts
from xtdm_gui.window.main_window import _PANELS_PX, MainWindow


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    before, locale = set(map(id, qapp.findChildren(QTranslator))), QLocale()
    yield qapp
    QLocale.setDefault(locale)
    for translator in qapp.findChildren(QTranslator):
        if id(translator) not in before:
            qapp.removeTranslator(translator)
            translator.deleteLater()


def messages() -> list[tuple[str, str, str]]:
    """(context, source, translation) of the German file; what is unfinished is left out."""
    root = ElementTree.parse(asset("translations/xtdm_de.ts")).getroot()  # noqa: S314 - our own file
    found = []
    for context in root.iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            if translation is not None and translation.get("type") != "unfinished":
                found.append((context.findtext("name", ""), message.findtext("source", ""), translation.text or ""))
    return found


def test_german_is_shown(qtbot, app: QApplication) -> None:
    apply_language(app, "de")
    panel = ExportPanel(CurrentNetwork(), lambda _: Look())
    qtbot.addWidget(panel)
    assert panel.cancel_all.text() == "Alle abbrechen"
    assert panel.form.format.itemText(0) == "HDR-AVIF (HLG, 10\xa0Bit)"


@pytest.mark.parametrize(("language", "words"), [("en", "60,000.5"), ("de", "60.000,5")])
def test_numbers_follow_the_language(app: QApplication, language: str, words: str) -> None:
    apply_language(app, language)
    assert number(60_000.5, 1) == words


def test_what_demosaics_has_a_german_name(app: QApplication) -> None:
    apply_language(app, "de")
    label = Source.network().label()
    assert label == "Netz „fast“"
    assert stage_text(Stage.DEMOSAICING, label) == "Demosaicing mit Netz „fast“"


def test_every_stage_has_a_text_in_both_languages(app: QApplication) -> None:
    apply_language(app, "en")
    english = stage_texts()
    assert set(english) == set(Stage)
    apply_language(app, "de")
    german = {source: translation for context, source, translation in messages() if context == "stages"}
    assert {german[text] for text in english.values()} == set(stage_texts().values())
    assert not set(stage_texts().values()) & set(english.values())


@pytest.mark.parametrize("language", ["en", "de"])
def test_menus_and_panels_fit(qtbot, tmp_path: Path, app: QApplication, language: str) -> None:
    """No two entries of a menu have one letter, and no panel is wider than the window begins with."""
    apply_language(app, language)
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    window = MainWindow(settings, cache=ThumbnailCache(tmp_path / "cache"))
    qtbot.addWidget(window)
    bar = window.menuBar().actions()
    for actions in (bar, *(menu.actions() for menu in map(QMenu.menuInAction, bar) if menu is not None)):
        letters = [letter for action in actions for letter in re.findall(r"&(\w)", action.text().lower())]
        assert len(letters) == len(set(letters)), letters
    docks = [dock for name, dock in window.arrangement.docks.items() if name != "filmstrip"]
    assert all(dock.minimumSizeHint().width() <= _PANELS_PX for dock in docks)
    window.close()


def test_english_needs_no_translation(app: QApplication) -> None:
    apply_language(app, "en")
    assert QCoreApplication.translate("ExportPanel", "Cancel all") == "Cancel all"


def test_what_is_translated_keeps_its_fields_and_is_compiled(app: QApplication) -> None:
    apply_language(app, "de")
    found = messages()
    assert len(found) > 300
    for context, source, translation in found:
        assert sorted(re.findall(r"\{\w+\}", source)) == sorted(re.findall(r"\{\w+\}", translation))
        assert ("&" in source) == ("&" in translation)
        assert QCoreApplication.translate(context, source) == translation
