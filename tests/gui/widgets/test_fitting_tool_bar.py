"""A tool bar in a narrow window."""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow

from xtdm_gui.icons import icon
from xtdm_gui.widgets.fitting_tool_bar import FittingToolBar


def test_words_go_before_buttons_do(qtbot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    bar = FittingToolBar("Tools", window)
    actions = [QAction(icon("open"), "Open a folder with a long name", window) for _ in range(5)]
    actions.append(QAction("Last", window))
    bar.addActions(actions)
    window.addToolBar(bar)
    window.resize(1600, 300)
    window.show()
    qtbot.waitExposed(window)

    def widths() -> list[int]:
        return [bar.widgetForAction(action).width() for action in actions]

    qtbot.waitUntil(lambda: widths()[0] > 100)
    wide = widths()
    window.resize(600, 300)
    qtbot.waitUntil(lambda: bar.widgetForAction(actions[-1]).isVisible() and widths()[0] < wide[0] / 2)
    assert bar.widgetForAction(actions[-1]).geometry().right() <= bar.width()
    assert widths()[-1] == wide[-1]
    window.resize(1600, 300)
    qtbot.waitUntil(lambda: widths() == wide)
