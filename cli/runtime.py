"""The option that says what runs the models."""

from typing import Annotated, TypeAlias

import typer

from helmetbelt.detector.engine import Runtime

RuntimeOption: TypeAlias = Annotated[
    Runtime,
    typer.Option(
        "--runtime",
        envvar="HELMETBELT_RUNTIME",
        help="What runs the models; auto: openvino where it is installed and the processor has bfloat16.",
    ),
]
