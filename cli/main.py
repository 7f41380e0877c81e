"""The command `helmetbelt`: finds the command that was asked for and says errors in one line."""

import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from helmetbelt.detector.errors import HelmetbeltError

EXIT_REFUSED = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a command is: function `function` of module `module`; the summary stands in the list of commands."""

    module: str
    function: str
    summary: str


COMMANDS = {
    "evaluate": Entry("evaluate", "evaluate", "Count vehicles and judge helmets in recorded video."),
    "detect": Entry("detect", "detect", "Find two-wheelers, heads and cars in still pictures."),
    "serve": Entry("serve", "serve", "Answer questions about what is stored over HTTP."),
    "demo": Entry("demo", "demo", "Show everything at work on a simulated junction."),
    "doctor": Entry("doctor", "doctor", "Check what is installed and how fast it is here."),
    "data": Entry("data", "data", "Show, check, import and export labelled pictures."),
    "train": Entry("training", "train", "Train a model."),
    "export": Entry("training", "export", "Turn trained weights into the ONNX that is shipped."),
    "cross-validate": Entry("cross_validation", "cross_validate", "Score the cabin and belt models on cars left out."),
    "quantize": Entry("quantize", "quantize", "Write an INT8 form of a model."),
    "score": Entry("score", "score", "Score models on labelled pictures."),
}


class LazyCommands(TyperGroup):
    """Loads a command's module when the command is run, so that the list of commands costs nothing."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._is_listing = False

    def list_commands(self, ctx: Any) -> list[str]:
        """Names in the order of `COMMANDS`."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command, or only its summary while the list is being shown; None for an unknown name."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        if self._is_listing:
            return TyperCommand(cmd_name, help=entry.summary)
        return loaded(cmd_name, entry)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Shows the help of the group."""
        self._is_listing = True
        try:
            super().format_help(ctx, formatter)
        finally:
            self._is_listing = False


def loaded(name: str, entry: Entry) -> Any:
    """The command itself, from the function or the group that its module holds under the entry's name."""
    found = getattr(importlib.import_module(f"helmetbelt.cli.{entry.module}"), entry.function)
    if isinstance(found, typer.Typer):
        return typer.main.get_group(found)
    only = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    only.command(name)(found)
    return typer.main.get_command(only)


app = typer.Typer(
    cls=LazyCommands,
    name="helmetbelt",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"helmetbelt {version('helmetbelt')}")
        raise typer.Exit


@app.callback()
def helmetbelt(
    show_version: bool = typer.Option(
        False, "--version", callback=_print_version, is_eager=True, help="Show the version and leave."
    ),
) -> None:
    """Turns video into helmet and seatbelt compliance rates that can be believed. 一盔一带

    [bold]Examples[/bold]

      helmetbelt demo
      helmetbelt evaluate patrol.mp4 --out results --start 2026-03-02T08:15:00
      helmetbelt serve --store results/helmetbelt.db
    """


def run(arguments: Sequence[str] | None = None) -> None:
    """The entry point; ends the process.

    With 0 when all went well, 2 when something was refused (said in one line on standard error), 130 after
    Ctrl-C, and what the command chose otherwise.
    """
    try:
        app(args=arguments, prog_name="helmetbelt")
    except HelmetbeltError as error:
        print(f"helmetbelt: {error}", file=sys.stderr)
        sys.exit(EXIT_REFUSED)
