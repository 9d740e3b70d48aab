# make run    converts the sample photograph and opens the window on it where there is a display
# make test   the whole test suite
# make lint   ruff, mypy and the import rules
# make bench  network against LibRaw: time per megapixel and peak memory
# make package  a folder that runs without Python: dist/xtdm (packaging/README.md)
# make bench-gui  how quick the window is, beside what is asked of it; its own material, a few minutes
# make sample renders resources/sample.RAF again
# make pictures draws the window's pictures in docs/ again
# make translations  collects the window's words again; translate what is unfinished in the .ts, then run it again
PYTHON ?= python3
BIN := .venv/bin
OUT := out
VERSIONS := packaging/constraints.txt

.PHONY: run test lint bench bench-gui sample pictures translations package clean

run: .venv/installed
	@mkdir -p $(OUT)
	@$(BIN)/xtdm convert resources/sample.RAF -o $(OUT) --overwrite > $(OUT)/written.txt
	@$(BIN)/xtdm convert resources/sample.RAF -o $(OUT) --format tiff --overwrite >> $(OUT)/written.txt
	@$(BIN)/xtdm compare resources/sample.RAF -o $(OUT) --overwrite >> $(OUT)/written.txt
	@# Status 3: no window here, and the sentence why was printed.
	@$(BIN)/xtdm-gui resources/sample.RAF || test $$? -eq 3
	@echo "Written:" && cat $(OUT)/written.txt

test: .venv/installed-dev
	$(BIN)/python -m pytest $(ARGS)

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/installed
	$(BIN)/xtdm bench

bench-gui: .venv/installed-dev
	$(BIN)/python -m tests.gui.bench_gui

sample: .venv/installed
	$(BIN)/python -c "from pathlib import Path; from xtdm_core.simulation.write import write_sample; write_sample(Path('resources/sample.RAF'))"

pictures: .venv/installed
	$(BIN)/python tests/gui/docs_pictures.py

translations: .venv/installed-dev
	$(BIN)/pyside6-lupdate $$(find xtdm_gui -name '*.py') -ts resources/translations/xtdm_de.ts -no-obsolete -locations none
	$(BIN)/pyside6-lrelease resources/translations/xtdm_de.ts

package: .venv/installed-package
	$(BIN)/pyinstaller --noconfirm --log-level WARN --distpath dist --workpath build/pyinstaller packaging/xtdm.spec
	@# A package whose parts do not fit together says so here.
	dist/xtdm/xtdm convert resources/sample.RAF -o build/package --overwrite
	dist/xtdm/xtdm convert resources/sample.RAF -o build/package --format tiff --overwrite

clean:
	rm -rf .venv $(OUT) build dist

.venv/bin/python:
	$(PYTHON) packaging/make_venv.py .venv

.venv/installed: pyproject.toml $(VERSIONS) | .venv/bin/python
	@echo "Installing XTDM into .venv: a few minutes the first time"
	$(BIN)/python -m pip install --quiet --constraint $(VERSIONS) --editable .
	@touch $@

.venv/installed-dev: pyproject.toml $(VERSIONS) | .venv/bin/python
	@echo "Installing XTDM and its test tools into .venv: a few minutes the first time"
	$(BIN)/python -m pip install --quiet --constraint $(VERSIONS) --editable ".[dev]"
	@touch $@ .venv/installed

.venv/installed-package: pyproject.toml $(VERSIONS) | .venv/bin/python
	@echo "Installing XTDM and PyInstaller into .venv: a few minutes the first time"
	$(BIN)/python -m pip install --quiet --constraint $(VERSIONS) --editable ".[package]"
	@touch $@ .venv/installed
