# Two commands do everything on a machine with Python >= 3.11: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: demo test check lock train-env clean

$(VENV)/runtime.done: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "helmetbelt needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@

$(VENV)/test.done: $(VENV)/runtime.done requirements-test.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.lock
	touch $@

demo: $(VENV)/runtime.done  ## draws a junction, evaluates the video, serves the numbers on 127.0.0.1
	$(BIN)/helmetbelt demo

test: $(VENV)/test.done  ## the whole test suite; what this machine lacks is skipped with its reason
	$(BIN)/pytest

check: $(VENV)/test.done  ## style and types
	$(BIN)/ruff check .
	$(BIN)/mypy

lock:  ## writes the lock files anew (needs uv)
	uv pip compile pyproject.toml --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header -q -o requirements.lock
	uv pip compile pyproject.toml --extra test --extra postgres --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header -c requirements.lock -q -o requirements-test.lock

train-env:  ## torch and ultralytics, for `helmetbelt train` and `export`, in an environment of their own
	$(PYTHON) -m venv .venv-train
	.venv-train/bin/pip install --disable-pip-version-check ultralytics==8.4.190 onnx onnxslim
	.venv-train/bin/pip install --disable-pip-version-check -e .

clean:
	rm -rf $(VENV) .venv-train build dist *.egg-info demo-out
