"""Writes the results of an evaluation into a folder, each file whole or not at all."""

from collections.abc import Sequence
from pathlib import Path

from helmetbelt.api.evaluations import Evaluation
from helmetbelt.api.report_page import report_html
from helmetbelt.api.summary import as_json, observations_csv, summary_of, summary_of_all
from helmetbelt.pipelines.output import OutputError, make_folder, write_whole
from helmetbelt.pipelines.sniff import reason_of

SUMMARY, OBSERVATIONS, REPORT = "summary.json", "observations.csv", "report.html"


def write_results(evaluation: Evaluation, folder: Path, evidence: Path) -> None:
    """Writes `summary.json`, `observations.csv` and `report.html` of one video.

    Args:
        evaluation: what became of it.
        folder: to write into; made where it is missing.
        evidence: folder that the pictures' paths are below.

    Raises:
        OutputError: a file cannot be written, or a picture not be read back.
    """
    make_folder(folder)
    try:
        page = report_html(evaluation, evidence)
    except OSError as error:
        raise OutputError(f"{evidence}: a picture of the evidence cannot be read ({reason_of(error)})") from error
    write_whole(folder / SUMMARY, as_json(summary_of(evaluation)))
    write_whole(folder / OBSERVATIONS, observations_csv(evaluation))
    write_whole(folder / REPORT, page.encode())


def write_joint_summary(evaluations: Sequence[Evaluation], folder: Path) -> None:
    """Writes `summary.json` of several videos together.

    Raises:
        OutputError: it cannot be written.
    """
    make_folder(folder)
    write_whole(folder / SUMMARY, as_json(summary_of_all(evaluations)))
