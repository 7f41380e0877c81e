"""How fast decoding and models are here."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from helmetbelt.detector.perception import Perception
from helmetbelt.pipelines.decoders import CLIP_FPS, scene

DETECTIONS_A_SECOND = 10
TIMED_RUNS, TIMED_SECONDS = 20, 2.0


@dataclass(frozen=True, slots=True)
class Speed:
    """Medians measured here with one thread.

    Attributes:
        decode_ms: one frame of a 1280x720 H.264 clip.
        road_ms: one frame through the road model.
        head_ms: one crop through the head model.
        car_ms: one car through the cabin model and two occupants through the belt model; None without them.
        frames_per_second: every frame decoded and analysed, one crop in each.
        cameras_per_core: live cameras of 25 frames a second, 10 of them analysed, one crop in each.
    """

    decode_ms: float
    road_ms: float
    head_ms: float
    car_ms: float | None
    frames_per_second: float
    cameras_per_core: float


def measure(perception: Perception, frame_ms: float) -> Speed:
    """Times the models on a drawn frame.

    Args:
        perception: the models.
        frame_ms: milliseconds to decode one frame.

    Raises:
        ModelDamagedError: a model refuses it.
    """
    frame = scene(0)
    vehicle = np.array([[500, 200, 700, 600]], np.float32)
    road_ms = median_ms(lambda: perception.road_users(frame, 0.25))
    head_ms = median_ms(lambda: perception.heads(frame, vehicle, 0.25))
    look_ms = road_ms + head_ms
    return Speed(
        round(frame_ms, 2),
        round(road_ms, 2),
        round(head_ms, 2),
        car_ms(perception),
        round(1000 / (frame_ms + look_ms), 1),
        round(1000 / (CLIP_FPS * frame_ms + DETECTIONS_A_SECOND * look_ms), 1),
    )


def car_ms(perception: Perception) -> float | None:
    """Milliseconds for one car with two people; None without the models for them.

    Raises:
        ModelDamagedError: a model refuses it.
    """
    belts = perception.belt_model
    if belts is None:
        return None
    frame = scene(0)
    car = np.array([[400, 200, 700, 500]], np.float32)
    cabin_ms = median_ms(lambda: perception.cabins(frame, car, 1.0))
    return round(cabin_ms + median_ms(lambda: belts.name_each([frame[200:300, 400:500], frame[200:300, 550:650]])), 2)


def median_ms(work: Callable[[], object]) -> float:
    """Median time of a call, after two to warm up."""
    for _ in range(2):
        work()
    times: list[float] = []
    while len(times) < TIMED_RUNS and sum(times) < TIMED_SECONDS:
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return 1000 * statistics.median(times)
