"""How do counts and answers on the real clips compare with what was seen by eye?

Runs `helmetbelt evaluate` on each clip of a folder (with the counting line of its truth file) at several rates of
frames, and prints a table in Markdown, or JSON. The truth is that of the clips' `.truth.csv`, typed in here because
their scope is prose. A clip's answers are compared as totals: a person is not matched with a row of the truth.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip and what is true of it.

    Attributes:
        name: of the file.
        gate: of evaluate.
        two_wheelers: passages.
        cars: passages; None where they weren't counted.
        worn: persons with a helmet.
        not_worn: persons without.
        doubtful: persons of whom the truth isn't sure.
        frames: only the first so many frames are covered; None for all.
    """

    name: str
    gate: str
    two_wheelers: int
    cars: int | None
    worn: int
    not_worn: int
    doubtful: int
    frames: int | None = None


CLIPS = (
    Clip("hyderabad_road", "zone:40,30,420,30,700,100,700,500,40,400", 47, None, 19, 27, 12),
    Clip("hanoi_stop_line", "line:0,860,1250,860,down", 6, 2, 5, 1, 0),
    Clip("police_cctv_rear", "line:100,290,480,290,up", 4, None, 2, 5, 0, 223),
    Clip("campus_handheld", "default", 2, 0, 1, 1, 1),
    Clip("dusk_three_riders", "default", 1, 0, 0, 3, 0),
    Clip("road_cars_front", "line:200,300,590,300,down", 0, 4, 0, 0, 0),
)


def main() -> None:
    """Evaluates and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("../shared/data/clips"))
    parser.add_argument("--fps", default="10", help="rates of analysed frames, separated by commas")
    parser.add_argument("--only", default="", help="names of clips, separated by commas")
    parser.add_argument("--out", type=Path, help="keep the results here (with annotated videos)")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    wanted = [c for c in CLIPS if not asked.only or c.name in asked.only.split(",")]
    with tempfile.TemporaryDirectory() as scratch:
        rows = [
            evaluated(clip, asked.folder, fps, asked.out, Path(scratch))
            for clip in wanted
            for fps in asked.fps.split(",")
        ]
    print(json.dumps(rows, indent=1) if asked.json else markdown(rows))


def evaluated(clip: Clip, folder: Path, fps: str, kept: Path | None, scratch: Path) -> dict[str, Any]:
    """One row: the clip at one rate."""
    video = folder / f"{clip.name}.mp4"
    if clip.frames:
        video = shortened(video, clip.frames, scratch)
    out = (kept or scratch) / f"{clip.name}-{fps}"
    command = [Path(sys.executable).parent / "helmetbelt", "evaluate", video, "--out", out, "--gate", clip.gate]
    command += ["--fps", fps, "--start", "2026-03-02T08:00:00"] + ([] if kept else ["--no-video"])
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    summary = json.loads((out / "summary.json").read_text())
    helmet = summary["observations"]["helmet"]
    seen = {status: sum(helmet[role][status] for role in helmet) for status in ("worn", "not_worn", "unknown")}
    return {"clip": clip.name, "fps": fps, "truth": {s: getattr(clip, s) for s in clip.__slots__}} | seen | {
        "two_wheelers": summary["passages"]["two_wheeler"],
        "cars": summary["passages"]["car"],
        "frames": summary["speed"]["frames"],
        "wall_s": summary["speed"]["wall_s"],
    }


def shortened(video: Path, frames: int, scratch: Path) -> Path:
    """The first frames of a video, not encoded anew."""
    import av

    short = scratch / video.name
    with av.open(str(video)) as source, av.open(str(short), "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        packets = [p for p in source.demux(source.streams.video[0]) if p.dts is not None]
        for packet in sorted(packets, key=lambda p: p.dts)[:frames]:
            packet.stream = stream
            target.mux(packet)
    return short


def markdown(rows: list[dict[str, Any]]) -> str:
    """The table for docs/accuracy.md; "seen / true" in each cell."""
    lines = [
        "| clip | frames/s | two-wheelers | cars | worn | not worn | unknown (truth doubtful) |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        truth = row["truth"]
        cars = "–" if truth["cars"] is None else truth["cars"]
        lines.append(
            f"| {row['clip']} | {row['fps']} | {row['two_wheelers']} / {truth['two_wheelers']} |"
            f" {row['cars']} / {cars} | {row['worn']} / {truth['worn']} | {row['not_worn']} / {truth['not_worn']} |"
            f" {row['unknown']} ({truth['doubtful']}) |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
