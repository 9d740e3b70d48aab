"""The window in another language."""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator

import pytest

from xtdm_core.assets import asset
from xtdm_gui.availability import missing_libraries

if missing_libraries():
    pytest.skip(missing_libraries(), allow_module_level=True)

from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import QApplication

from xtdm_gui.export_panel import ExportPanel
from xtdm_gui.language import apply_language


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    before = set(map(id, qapp.findChildren(QTranslator)))
    yield qapp
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


def test_german_is_shown(qtbot, app: QApplication) -> None:  # type: ignore[no-untyped-def]
    apply_language(app, "de")
    panel = ExportPanel()
    qtbot.addWidget(panel)
    assert panel.cancel_all.text() == "Alle abbrechen"
    assert panel.form.format.itemText(0) == "HDR-AVIF (HLG, 10 Bit)"


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
