"""How accurate are the models at how many milliseconds: input sizes, INT8, OpenVINO, other architectures?

Processor time of one run with one thread, everything in turns in one process (the ratio to the first row of its table
is what can be compared), and accuracy on the same pictures that nothing was trained on, with 95 % intervals by scene.
Prints Markdown, or JSON. What isn't there is left out: --int8 is a folder written by `helmetbelt quantize`, --untrained
one of `benchmarks/untrained.py` (speed only), OpenVINO is taken where it is installed.
"""

import argparse
import json
import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from helmetbelt.datasets.agreement import agreement
from helmetbelt.datasets.answers import Answer
from helmetbelt.datasets.bootstrap import Interval
from helmetbelt.datasets.manifest import in_split, load_manifest
from helmetbelt.datasets.resize import resized
from helmetbelt.datasets.sampling import sample
from helmetbelt.datasets.timing import Spent, side_by_side
from helmetbelt.datasets.variants import HEADS, ROAD, SCORED_LABELS, head_answers, road_answers, scored, working
from helmetbelt.detector.card import models_folder, read_card
from helmetbelt.detector.engine import Runtime
from helmetbelt.detector.finder import Finder
from helmetbelt.detector.onnxruntime_engine import describe_onnxruntime
from helmetbelt.detector.openvino_engine import describe_openvino, has_openvino
from helmetbelt.detector.session import Session

BEGIN, END = "<!-- models: begin, written by benchmarks/models.py -->", "<!-- models: end -->"
ROAD_SIDES, HEAD_SIDES = (640, 512, 768, 960), (224, 192, 256)
FRAME = (1080, 1920)
"""Height and width of the frame that the road model is timed on; the size of its content doesn't matter."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One row to be.

    Attributes:
        name: of the row.
        shape: (1, height, width, 3) that it is timed on.
        session: in memory.
        finder: to be scored; None where only the speed means something.
    """

    name: str
    shape: tuple[int, int, int, int]
    session: Session
    finder: Finder | None = None


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--models", type=Path, default=models_folder())
    parser.add_argument("--int8", type=Path, help="folder of helmetbelt quantize")
    parser.add_argument("--untrained", type=Path, help="folder of benchmarks/untrained.py")
    parser.add_argument("--work", type=Path, default=Path("runs/benchmark-models"), help="for models of another size")
    parser.add_argument("--pictures", type=int, default=120)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--only", choices=(ROAD, HEADS))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", type=Path, help="page whose part between the marks is replaced by the tables")
    asked = parser.parse_args()
    asked.work.mkdir(parents=True, exist_ok=True)
    tables = {model: measured(model, asked) for model in (ROAD, HEADS) if asked.only in (None, model)}
    answer = {"machine": machine(asked.models), "tables": tables}
    print(json.dumps(answer, indent=1) if asked.json else markdown(tables))
    if asked.write:
        page = asked.write.read_text("utf-8")
        if BEGIN not in page or END not in page:
            parser.error(f"{asked.write}: no line {BEGIN} before a line {END}")
        before, after = page.split(BEGIN)[0], page.split(END)[1]
        asked.write.write_text(f"{before}{BEGIN}\n\n{markdown(tables)}\n\n{END}{after}", "utf-8")


def measured(model: str, asked: argparse.Namespace) -> list[dict[str, Any]]:
    """The rows of one model's table, the shipped form first."""
    variants = list(road_variants(asked) if model == ROAD else head_variants(asked)) + untrained(model, asked)
    times = side_by_side({v.name: runner(v) for v in variants}, asked.rounds)
    held_out = list(in_split(load_manifest(asked.data / "helmet"), "val"))
    pictures = sample(held_out, asked.pictures, *SCORED_LABELS[model])
    answer = answering(model, asked, pictures)
    answers = {v.name: answer(v.finder) for v in variants if v.finder is not None}
    shipped = variants[0]
    assert shipped.finder is not None
    rows = []
    for variant in variants:
        given = answers.get(variant.name)
        row = row_of(variant, times[variant.name], given and scored(given, model))
        if given is not None and variant is not shipped:
            row["agreement"] = asdict(agreed(model, given, answers[shipped.name], shipped.finder.card.min_score))
        rows.append(row)
    return rows


def road_variants(asked: argparse.Namespace) -> Sequence[Variant]:
    """The shipped road model at several sizes, in INT8 and by OpenVINO."""
    card = read_card(asked.models / "road.toml")
    session = Session.open(card.path)
    found = []
    for side in ROAD_SIDES:
        finder = Finder(replace(card, input_px=(side, side)), session)
        found.append(variant(f"road {side}", finder))
    others = precisions(ROAD, asked, found[0].name)
    return [found[0], *others, *found[1:]]


def head_variants(asked: argparse.Namespace) -> Sequence[Variant]:
    """The shipped head model at several sizes, in INT8 and by OpenVINO."""
    card = read_card(asked.models / "heads.toml")
    found = [variant(f"heads {HEAD_SIDES[0]}", Finder.load(asked.models / "heads.toml"))]
    for side in HEAD_SIDES[1:]:
        file = resized(card.path, asked.work / f"heads-{side}.onnx", side)
        found.append(variant(f"heads {side}", Finder(replace(card, input_px=(side, side)), Session.open(file))))
    return [found[0], *precisions(HEADS, asked, found[0].name), *found[1:]]


def precisions(model: str, asked: argparse.Namespace, name: str) -> list[Variant]:
    """INT8 and OpenVINO, where they are there."""
    found = []
    if asked.int8 is not None and (asked.int8 / f"{model}.toml").exists():
        found.append(variant(f"{name}, INT8", Finder.load(asked.int8 / f"{model}.toml")))
    if has_openvino():
        finder = Finder.load(asked.models / f"{model}.toml", runtime=Runtime.OPENVINO)
        found.append(variant(f"{name}, OpenVINO in {finder.session.engine.precision}", finder))
    return found


def untrained(model: str, asked: argparse.Namespace) -> list[Variant]:
    """Other architectures, by their speed alone."""
    if asked.untrained is None:
        return []
    shape = (1, 384, 640, 3) if model == ROAD else (1, 224, 224, 3)
    files = sorted(asked.untrained.glob("*.onnx"))
    return [Variant(f"{file.stem} (untrained)", shape, Session.open(file)) for file in files]


def variant(name: str, finder: Finder) -> Variant:
    """A form of a trained model, timed on a frame or a crop."""
    return Variant(name, (1, *finder.input_hw(FRAME), 3), finder.session, finder)


def runner(variant: Variant) -> Callable[[], object]:
    """One run of the model on noise."""
    pictures = np.random.default_rng(1).integers(0, 256, variant.shape, np.uint8)
    return lambda: variant.session.run(pictures)


def answering(model: str, asked: argparse.Namespace, pictures: Sequence[Any]) -> Callable[[Finder], list[Answer]]:
    """What finds the answers of a finder to the pictures; heads are looked for where the shipped road model looks."""
    if model == ROAD:
        return lambda finder: road_answers(finder, pictures)
    road = Finder.load(asked.models / "road.toml")
    on_road = road_answers(road, pictures)
    return lambda finder: head_answers(road, finder, on_road)


def agreed(model: str, ours: Sequence[Answer], shipped: Sequence[Answer], min_score: float) -> Interval:
    """F1 beside the shipped form."""
    seen = ([working(a, model, min_score) for a in given] for given in (ours, shipped))
    return agreement(*seen, groups=[a.group for a in ours])


def row_of(variant: Variant, spent: Spent, rows: Sequence[Any] | None) -> dict[str, Any]:
    """One row, for programs."""
    height, width = variant.shape[1:3]
    return {
        "name": variant.name,
        "input": f"{width}×{height}",
        "spent": asdict(spent),
        "scores": {row.what: asdict(row.figure) for row in rows or []},
    }


def machine(models: Path) -> dict[str, Any]:
    """What it was measured with."""
    return {
        "platform": platform.platform(),
        "onnxruntime": describe_onnxruntime()[0],
        "openvino": describe_openvino(),
        "models": {name: read_card(models / f"{name}.toml").sha256 for name in (ROAD, HEADS)},
    }


def markdown(tables: dict[str, list[dict[str, Any]]]) -> str:
    """Both tables for docs/benchmarks.md."""
    return "\n\n".join("\n".join(table_lines(rows)) for rows in tables.values())


def table_lines(rows: list[dict[str, Any]]) -> list[str]:
    """One table."""
    what = list(rows[0]["scores"])
    head = ["model", "input", "processor ms (quartiles)", "ratio", *what, "F1 beside the first row"]
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for row in rows:
        spent = row["spent"]
        ms = f"{spent['ms']:.1f} ({spent['low_ms']:.1f}-{spent['high_ms']:.1f})"
        cells = [row["name"], row["input"], ms, f"{spent['ratio']:.2f}"]
        cells += [shown(row["scores"].get(w)) for w in what] + [shown(row.get("agreement"))]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def shown(figure: dict[str, Any] | None) -> str:
    """A figure with its interval."""
    return "–" if figure is None else f"{figure['value']:.3f} ({figure['low']:.3f}-{figure['high']:.3f})"


if __name__ == "__main__":
    main()
