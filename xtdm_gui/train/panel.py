"""Training: what is asked for, the child process that trains, and how it goes."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from xtdm_core.errors import WriteFailed
from xtdm_core.progress import Stage
from xtdm_core.train.run_log import verdict_of
from xtdm_gui.child_process import XtdmProcess, xtdm_command
from xtdm_gui.formatting import about, counted, number
from xtdm_gui.pictures.current_network import CurrentNetwork
from xtdm_gui.stage_texts import stage_text
from xtdm_gui.train.curves import TrainCurves, source_text
from xtdm_gui.train.form import TrainForm
from xtdm_gui.train.message import SteadyMessage, verdict_text
from xtdm_gui.train.plan import TrainPlan, fresh_plan
from xtdm_gui.train.previews import PreviewDialog, PreviewThumb
from xtdm_gui.train.process import TrainProcess
from xtdm_gui.train.run_folder import RunFolder, data_home, next_run, runs, scores_of

_STEPS = 1000  # of the progress bar
_CLOSE_MS = 15_000
_TOO_EARLY_S = 5.0  # before, no time left is told
_LOG_LINES = 2000
translate = QCoreApplication.translate


class TrainPanel(QWidget):
    """Trains a network in a child process, one run at a time.

    failed(sentence)   a run ended badly; what it saved can go on
    command            replaces the engine's own, for tests
    """

    failed = Signal(str)

    def __init__(self, network: CurrentNetwork, parent: QWidget | None = None, command: Sequence[str] = ()) -> None:
        super().__init__(parent)
        self._network = network
        self._command = list(command) or xtdm_command()
        self._child: TrainProcess | None = None
        self._plan = TrainPlan()
        self._step = 0
        self._began: tuple[float, int] | None = None  # when the first training step of this child was heard of
        self._scores: dict[str, float] = {}
        self._finished = False
        self._message = ""  # the last thing that happened
        self._build()
        self._suggest_run()
        self.form.folder_changed.connect(self._show_folder)
        self.form.changed.connect(self._show_state)
        self._show_folder()

    def busy(self) -> bool:
        """Whether something is trained or built."""
        return self._child is not None or (self.form.dialog is not None and self.form.dialog.busy())

    def close(self) -> bool:
        """Ends what runs, a training with its state saved; returns when no child is left."""
        if self.form.dialog is not None:
            self.form.dialog.close()
        if self._child is not None:
            self._child.close(_CLOSE_MS)
        return super().close()

    @Slot(object)
    def set_raw_folder(self, folder: Path) -> None:
        """Where the user's raw files are: what a data set is made of, unless another folder is chosen."""
        self.form.raw_folder = str(folder)

    # What it looks like

    def _build(self) -> None:
        self.form = TrainForm(self._command)
        self.go = self._button(self.tr("Start"), self.tr("Train with these settings, or continue the run"), self.start)
        self.pause = self._button(
            self.tr("Pause"),
            self.tr("Finish the current step, save everything and end; Resume continues the run"),
            self._pause,
        )
        self.halt = self._button(
            self.tr("Stop"), self.tr("End at once; Resume continues from the last save"), self._halt
        )
        self.use = self._button(
            self.tr("Use in viewer"), self.tr("Show what the best weights so far make of the picture"), self._use
        )
        self.bar = QProgressBar(maximum=_STEPS)
        self.bar.setAccessibleName(self.tr("Progress of the training"))
        self.bar.setToolTip(self.tr("How much of the training is done"))
        self.words = SteadyMessage()
        self.words.setAccessibleName(self.tr("Message"))
        buttons = QHBoxLayout()
        for button in (self.go, self.pause, self.halt):
            buttons.addWidget(button, 1)
            button.setMinimumWidth(40)  # as narrow as the panel beside it
        layout = QVBoxLayout(self)
        layout.addLayout(buttons)
        for widget in (self.bar, self.words, self.use):
            layout.addWidget(widget)
        layout.addWidget(self._build_tabs(), 1)

    def _build_tabs(self) -> QTabWidget:
        self.curves, self.thumb = TrainCurves(), PreviewThumb()
        self.thumb.clicked.connect(self._enlarge)
        self.log = QPlainTextEdit(readOnly=True, maximumBlockCount=_LOG_LINES)
        self.log.setAccessibleName(self.tr("Log of the training"))
        self.log.setToolTip(self.tr("Messages of the training; one line for each validation"))
        set_up, progress = QWidget(), QWidget()
        column = QVBoxLayout(set_up)
        column.addWidget(self.form)
        column.addStretch(1)
        column = QVBoxLayout(progress)
        column.addWidget(self.curves, 1)
        column.addWidget(self.thumb)
        self.tabs = QTabWidget(documentMode=True)
        self.tabs.setAccessibleName(self.tr("Training"))
        self.tabs.addTab(set_up, self.tr("Set-up"))
        self.tabs.addTab(progress, self.tr("Progress"))
        self.tabs.addTab(self.log, self.tr("Log"))
        return self.tabs

    def _button(self, text: str, tip: str, slot: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        button.clicked.connect(lambda _checked=False: slot())
        return button

    # What a user asks for

    @Slot()
    def start(self) -> None:
        """Begin or continue the run."""
        if self._child is not None or self._obstacle():
            return
        self._plan = self.form.plan()
        folder = RunFolder(Path(self._plan.out))
        self._step = folder.step() if folder.has_state() else 0
        self._began, self._finished = None, False
        try:
            folder.keep(self._plan, self._step)
        except WriteFailed as error:
            self._show_message(str(error))
            return
        self._show_message("")
        self._note(self.tr("Starting"))
        self._scores = {}
        self._child = TrainProcess(self)
        self._child.message_received.connect(self._on_message)
        self._child.line_received.connect(self._on_line)
        self._child.finished.connect(self._on_ended)
        self.bar.setValue(0)
        self.bar.setFormat(self.tr("starting"))
        self._child.start([*self._command, *self._plan.words()])
        self.tabs.setCurrentIndex(1)
        self._show_state()

    def _pause(self) -> None:
        if self._child is not None:
            self._child.stop()
            self._show_message(self.tr("Finishing the current step and saving…"))
            self._show_state()

    def _halt(self) -> None:
        if self._child is not None:
            self._child.abandon()

    def _use(self) -> None:
        folder = self._folder()
        best = folder.best() if folder is not None else None
        if folder is None or best is None:
            return
        verdict = verdict_of(folder.log())
        if verdict is not None and not verdict.is_better:
            words = self.tr("The best weights are those that the run began with: they are not put to use.")
            self._show_message(f"{words} {verdict_text(verdict)}")
            return
        self._network.choose(best)
        self._show_message(self.tr("The viewer shows it, and exports use it until another network is chosen."))

    @Slot()
    def _enlarge(self) -> None:
        folder = self._folder()
        previews = folder.previews() if folder is not None else []
        if previews:
            PreviewDialog(previews, self).show()

    # What the child tells

    @Slot(object, object)
    def _on_message(self, child: XtdmProcess, words: dict[str, object]) -> None:
        if child is not self._child:
            return
        if words.get("event") == "progress":
            self._show_progress(words)
        elif words.get("event") == "written":
            self._finished = True

    @Slot(object, str)
    def _on_line(self, _child: XtdmProcess, line: str) -> None:
        self._note(line)

    @Slot(object, str)
    def _on_ended(self, child: XtdmProcess, sentence: str) -> None:
        if child is not self._child:
            return
        ending, self._child = self._child, None
        folder = RunFolder(Path(self._plan.out))
        try:
            folder.keep(self._plan, self._step)
        except WriteFailed as error:
            self._note(str(error))
        self.curves.show_scores(folder.log())
        self._show_preview(folder)
        if not (self._finished or ending.stopping):
            sentence = sentence or self.tr("The engine ended too early: please report it.")
        self._show_message(sentence or self._closing_message(ending))
        self._note(self.words.text())
        self._show_state()
        if sentence:
            self.failed.emit(sentence)

    def _closing_message(self, child: TrainProcess) -> str:
        if child.stopping and not self._finished:
            if RunFolder(Path(self._plan.out)).has_state():
                if child.abandoned:
                    return self.tr("Stopped; Resume continues from the last save.")
                return self.tr("Paused at step {0}; Resume continues the run.").format(number(self._step))
            return self.tr("Stopped at step {0}, before anything was saved.").format(number(self._step))
        done = counted(self._step, self.tr("Finished after one step."), self.tr("Finished after {0} steps."))
        verdict = verdict_text(verdict_of(RunFolder(Path(self._plan.out)).log()))
        more = self.tr("New begins another run; more steps continue this one.")
        return " ".join(filter(None, (done, verdict, more)))

    def _show_progress(self, words: Mapping[str, object]) -> None:
        stage, done, total = words.get("stage"), words.get("done"), words.get("total")
        if not isinstance(done, int) or not isinstance(total, int) or total < 1:
            return
        self.bar.setValue(round(_STEPS * done / total))
        if stage != Stage.TRAINING:
            text = self.tr("{0}: {1} of {2}")
            self.bar.setFormat(text.format(stage_text(str(stage)), number(done), number(total)))
            return
        self._step = done
        self.bar.setFormat(self._step_text(done, total))
        loss = words.get("loss")
        if isinstance(loss, (int, float)):
            self.curves.add_loss(done, loss)
        scores = scores_of(words)
        if scores != self._scores:
            self._scores = scores
            self._show_validation()

    def _step_text(self, step: int, steps: int) -> str:
        text = self.tr("step {0} of {1}").format(number(step), number(steps))
        now = time.monotonic()
        if self._began is None:
            self._began = now, step
        taken, made = now - self._began[0], step - self._began[1]
        if taken < _TOO_EARLY_S or made < 1 or step >= steps:
            return text
        self.form.learn_pace(self._plan, taken / made)
        return self.tr("{0}, {1} left").format(text, about(taken / made * (steps - step)))

    def _show_validation(self) -> None:
        """The network was measured: the log has the exact step, and there are new crops."""
        folder = RunFolder(Path(self._plan.out))
        log = folder.log()
        self.curves.show_scores(log)
        self._show_preview(folder)
        if log:
            self._note(_log_line(log[-1]))
        self._show_state()

    # The run's folder

    def _suggest_run(self) -> None:
        """The latest run where it is unfinished, else a new one with its set-up."""
        latest = None
        for latest in runs(data_home()):
            plan, seconds = latest.plan(), latest.step_seconds()
            if plan is not None and seconds is not None:
                self.form.learn_pace(plan, seconds)
        plan = latest.plan() if latest is not None else None
        if latest is None or plan is None or latest.step() >= plan.steps:
            plan = replace(plan or fresh_plan(), out=str(next_run(data_home())))
        self.form.set_plan(plan)

    def _folder(self) -> RunFolder | None:
        out = Path(self.form.out.text())
        return RunFolder(out) if out.is_absolute() else None

    @Slot()
    def _show_folder(self) -> None:
        """Another folder was chosen: what was asked for there, and how far it came."""
        if self._child is not None:
            return
        folder = self._folder()
        plan = folder.plan() if folder is not None else None
        if plan is not None:
            self.form.set_plan(replace(plan, out=self.form.out.text()))
        self._show_message("")
        if folder is not None:
            log = folder.log()
            self.curves.show_log(log)
            self._show_preview(folder)
            self.log.setPlainText("\n".join(map(_log_line, log)))
        self._show_state()

    def _show_preview(self, folder: RunFolder) -> None:
        previews = folder.previews()
        self.thumb.setVisible(bool(previews))
        if previews:
            self.thumb.show_file(previews[-1][1])

    # What can be done now

    def _obstacle(self) -> str:
        """Why no run can begin; "" where one can."""
        folder = self._folder()
        if folder is not None and folder.has_state() and folder.step() >= self.form.steps.value():
            finished = self.tr("This run is finished. New begins another; more steps continue this one.")
            return " ".join(filter(None, (finished, verdict_text(verdict_of(folder.log())))))
        return self.form.trouble()

    @Slot()
    def _show_state(self) -> None:
        running, folder = self._child is not None, self._folder()
        goes_on = folder is not None and folder.has_state()
        obstacle = "" if running else self._obstacle()
        self.form.setEnabled(not running)
        self.go.setText(self.tr("Resume") if goes_on else self.tr("Start"))
        self.go.setEnabled(not running and not obstacle)
        self.pause.setEnabled(self._child is not None and not self._child.stopping)
        self.halt.setEnabled(running)
        self.use.setEnabled(folder is not None and folder.best() is not None)
        if not running:
            step = folder.step() if folder is not None and goes_on else 0
            self._show_standing(step, max(self.form.steps.value(), step), obstacle)

    def _show_standing(self, step: int, steps: int, obstacle: str) -> None:
        """How far a run is that is not at work; what stands in its way, else what happened, else how far it is."""
        self.bar.setValue(round(_STEPS * step / steps))
        done, total = number(step), number(steps)
        self.bar.setFormat(self.tr("step {0} of {1}").format(done, total) if step else "")
        unfinished = self.tr("This folder holds an unfinished run: step {0} of {1}.").format(done, total)
        if not self._message or (obstacle and not self._finished):
            self.words.setText(obstacle or (unfinished if step else ""))
        else:
            self.words.setText(self._message)

    def _show_message(self, sentence: str) -> None:
        self._message = sentence
        self.words.setText(sentence)

    def _note(self, line: str) -> None:
        self.log.appendPlainText(f"{time.strftime('%H:%M:%S')}  {line}")


def _log_line(figures: Mapping[str, float]) -> str:
    """A validation in words."""
    words = [translate("TrainPanel", "loss {0}").format(number(figures["loss"], 4))] if "loss" in figures else []
    for name, value in scores_of(figures).items():
        kind, _, rest = name.partition("_")
        source = source_text(rest.removesuffix("_db"))
        if kind == "psnr":
            words.append(translate("TrainPanel", "{0} {1} dB").format(source, number(value, 2)))
        else:
            words.append(translate("TrainPanel", "grid {0} {1}").format(source, number(value, 3)))
    return translate("TrainPanel", "step {0}: {1}").format(number(figures["step"]), ", ".join(words))
