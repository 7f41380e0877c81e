"""`helmetbelt score`: how good the models are, on labelled pictures that were not trained on."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from helmetbelt.cli.training import DATA, DataFolder
from helmetbelt.detector.errors import HelmetbeltError

if TYPE_CHECKING:
    from helmetbelt.datasets.answers import Answer
    from helmetbelt.datasets.comparison import Compared
    from helmetbelt.datasets.manifest import LabelledPicture
    from helmetbelt.datasets.rows import Row
    from helmetbelt.datasets.scoring import Scores
    from helmetbelt.detector.perception import Perception

Thing = TypeVar("Thing")

OURS = "these models"
SCORES, DIAGRAM, PEERS, ACCURACY = "scores.md", "reliability.svg", "peers.json", "accuracy.md"


def score(
    data: DataFolder = DATA,
    models: Annotated[Path | None, typer.Option(help="Folder of other models than the shipped ones.")] = None,
    peer: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE|FOLDER",
            help="Also score on a sample: a helmet detector for whole pictures (.pt or .whl, in the training"
            " environment; or the .toml of its export), or a folder of earlier models. Can be repeated.",
        ),
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Put the scores into the models' cards and the folder of --docs.")
    ] = False,
    docs: Annotated[Path, typer.Option(help="Where accuracy.md is; what peers scored is kept there.")] = Path("docs"),
    work: Annotated[Path, typer.Option(help="For exported peers.")] = Path("runs"),
    out: Annotated[Path | None, typer.Option("--json", help="Write the rows to this file.")] = None,
) -> None:
    """Scores the models on the labelled pictures that were not trained on, with 95 % intervals by scene.

    --write also fits the head model's calibration and the judge's thresholds anew.
    """
    from helmetbelt.datasets.answers import answers
    from helmetbelt.datasets.comparison import peers_sample
    from helmetbelt.datasets.scoring import score as score_models
    from helmetbelt.detector.card import models_folder
    from helmetbelt.detector.perception import load_perception
    from helmetbelt.pipelines.rules import rules_of

    if write and not (docs / ACCURACY).is_file():
        raise HelmetbeltError(f"{docs / ACCURACY}: no such page; --write from the repository's root, or --docs FOLDER")
    folder = models or models_folder()
    perception = load_perception(1, folder, closely=True)
    pictures = _not_trained_on(data)
    given = list(answers(perception, _watched(pictures, "ours")))
    scores = score_models(given, rules_of(perception).helmet)
    ours = _ours(perception, given, scores)
    scored = [_peer(p, peers_sample(pictures), work, scores.rules.least_px) for p in peer or []]
    _show(scores.rows, f"{len(pictures)} pictures not trained on")
    if out:
        out.write_text(json.dumps([asdict(row) for row in scores.rows], indent=1), "utf-8")
    if write:
        _write(folder, docs, scores, [ours, *scored, *_kept(docs, ours.sample, {c.name for c in scored})])


def _not_trained_on(data: Path) -> "list[LabelledPicture]":
    from helmetbelt.datasets.manifest import in_split, load_manifest
    from helmetbelt.datasets.prepare import LEFT_OUT

    return [p for p in in_split(load_manifest(data / "helmet"), "val") if p.source not in LEFT_OUT]


def _ours(perception: "Perception", given: "Sequence[Answer]", scores: "Scores") -> "Compared":
    """Our column of the table of peers."""
    from helmetbelt.datasets.comparison import compare, peers_sample, persons_inside
    from helmetbelt.datasets.judging import judged

    some = {p.path for p in peers_sample([a.picture for a in given])}
    ours = [a for a in given if a.picture.path in some]
    persons = persons_inside(ours, scores.rules.least_px)
    return compare(OURS, _weights(perception), ours, judged(persons, scores.rules))


def _peer(source: Path, pictures: "Sequence[LabelledPicture]", work: Path, least_px: float) -> "Compared":
    """One more column of the table of peers."""
    from helmetbelt.datasets.answers import answers, peer_answers
    from helmetbelt.datasets.comparison import compare, persons_inside
    from helmetbelt.datasets.judging import judged, named
    from helmetbelt.datasets.peers import Peer, export_peer
    from helmetbelt.detector.perception import load_perception
    from helmetbelt.pipelines.rules import rules_of

    if source.is_dir():
        perception = load_perception(1, source, closely=True)
        given = list(answers(perception, _watched(pictures, source.name)))
        verdict = judged(persons_inside(given, least_px), rules_of(perception).helmet)
        return compare(source.name, _weights(perception), given, verdict)
    peer = Peer.load(source if source.suffix == ".toml" else export_peer(source, work / "peers"))
    given = list(peer_answers(peer, _watched(pictures, peer.name)))
    return compare(peer.name, peer.finder.card.sha256[:12], given, named(persons_inside(given, least_px)))


def _kept(docs: Path, sample: str, scored: Collection[str]) -> "list[Compared]":
    """What peers scored on the same sample at an earlier time, less those scored now."""
    from helmetbelt.datasets.comparison import read_compared

    others = [c for c in read_compared(docs / PEERS) if c.name not in scored]
    stale = [c.name for c in others if c.sample != sample]
    if stale:
        Console(stderr=True).print(f"left out, as labels have changed since: {', '.join(stale)}; repeat with --peer")
    return [c for c in others if c.sample == sample]


def _write(folder: Path, docs: Path, scores: "Scores", columns: "Sequence[Compared]") -> None:
    from helmetbelt.datasets.cards import with_scores
    from helmetbelt.datasets.comparison import write_compared
    from helmetbelt.datasets.reliability import diagram
    from helmetbelt.datasets.score_page import overall, page, with_block

    for card in (folder / "road.toml", folder / "heads.toml"):
        card.write_text(with_scores(card, scores), "utf-8")
    (docs / SCORES).write_text(page(scores, columns[0].weights, columns), "utf-8")
    (docs / DIAGRAM).write_text(diagram(scores.calibrated.promises, scores.calibrated.error_left_out), "utf-8")
    accuracy = docs / ACCURACY
    accuracy.write_text(with_block(accuracy.read_text("utf-8"), overall(scores.rows)), "utf-8")
    write_compared(docs / PEERS, columns[1:])


def _show(rows: "Sequence[Row]", title: str) -> None:
    from helmetbelt.datasets.score_page import shown

    table = Table("what", "part", "value, 95 % interval", "n", title=title)
    for row in rows:
        table.add_row(row.what, row.part, shown(row), str(row.figure.n))
    Console().print(table)


def _weights(perception: "Perception") -> str:
    cards = (perception.road_model.card, perception.head_model.card)
    return ", ".join(f"{card.name} {card.sha256[:12]}" for card in cards)


def _watched(things: Iterable[Thing], what: str) -> Iterable[Thing]:
    return track(things, what, console=Console(stderr=True), transient=True)
