"""The lane of one camera: its frames in, its passages out; every vehicle once, every rider once.

No file, no clock, no thread: all patience is in seconds of the frames. A passage is closed when its track
ends, so that all votes count. Counted is a vehicle that was seen often and long enough, moved against the
background, and that went through the gate. One that stands during its whole sight (parked, at the kerb, or
waiting at a light until the end) has not passed; one that stops and goes on has passed once.
"""

import numpy as np
from numpy.typing import NDArray

from helmetbelt.detector.detections import Detections
from helmetbelt.pipelines.closed import Closed, HeadView, View
from helmetbelt.pipelines.frames import Frame
from helmetbelt.pipelines.gates import Crossing, Gate, WholeGate
from helmetbelt.pipelines.judge import JudgeRules, Verdict, judge
from helmetbelt.pipelines.looks import Look, LookRules, Looks, view_quality
from helmetbelt.pipelines.motion import CameraMotion
from helmetbelt.pipelines.passages import Box, Passage, Status, Vehicle
from helmetbelt.pipelines.perception import Perception
from helmetbelt.pipelines.seats import assign_heads
from helmetbelt.pipelines.sightings import PersonSighting, Sighting
from helmetbelt.pipelines.track import Track
from helmetbelt.pipelines.tracker import Tracker
from helmetbelt.pipelines.visit import Visit, moment_of

SEEN_S = 0.5
"""Shortest sight that the gate of the whole picture counts."""


class Lane:
    """Counts and judges the vehicles of one camera. Touched by one loop only."""

    def __init__(
        self,
        camera: str,
        perception: Perception,
        tracker: Tracker,
        gate: Gate,
        judge_rules: JudgeRules,
        look_rules: LookRules,
    ) -> None:
        self._camera = camera
        self._perception = perception
        self._tracker = tracker
        self._gate = gate
        self._judge_rules, self._look_rules = judge_rules, look_rules
        self._motion = CameraMotion()
        self._visits: dict[int, Visit] = {}
        self._last_seconds: float | None = None
        self._frozen_s = 0.0

    def step(self, frame: Frame) -> list[Closed]:
        """Takes the next frame; gives the passages that ended.

        A frame that repeats the one before proves nothing and lets no time pass.

        Raises:
            ValueError: the frame isn't later than the last, or has another size than the lane was built for.
        """
        if frame.image.shape[:2] != (self._tracker.height, self._tracker.width):
            raise ValueError(
                f"frame of {frame.image.shape[1]}x{frame.image.shape[0]} pixels in a lane for"
                f" {self._tracker.width}x{self._tracker.height}"
            )
        elapsed = 0.0 if self._last_seconds is None else frame.seconds - self._last_seconds
        self._last_seconds = frame.seconds
        if not self._motion.see(frame.image):
            self._frozen_s += elapsed
            return []
        users = self._perception.road_users(frame.image, self._tracker.rules.low)
        shift = self._motion.shift(self._traffic(users))
        ended = self._tracker.step(users, frame.seconds - self._frozen_s, shift)
        self._look(frame, self._see(frame))
        return self._close(ended)

    def finish(self) -> list[Closed]:
        """Ends the lane; gives the passages still open."""
        return self._close(self._tracker.finish())

    def sightings(self) -> tuple[Sighting, ...]:
        """The vehicles found in the frame just stepped, for drawing."""
        found = [track for track in self._tracker.tracks if track.found >= 0]
        return tuple(self._sighting(track, self._visits[track.number]) for track in found)

    def _traffic(self, users: Detections) -> NDArray[np.float32]:
        """(n, 4) what is not background."""
        return users.xyxy[users.score >= self._tracker.rules.high]

    def _see(self, frame: Frame) -> list[tuple[Track, float]]:
        """Notes where each vehicle is; gives those found with the quality of their view."""
        found = [track for track in self._tracker.tracks if track.found >= 0]
        boxes = np.array([track.place.xyxy for track in found]).reshape(-1, 4)
        qualities: list[tuple[Track, float]] = []
        for index, track in enumerate(found):
            cut = track.place.cut_by(self._tracker.width, self._tracker.height)
            quality = view_quality(track.place.xyxy, cut, np.delete(boxes, index, axis=0))
            moment = moment_of(frame, track.place.xyxy)
            visit = self._visits.get(track.number)
            if visit is None:
                crossing = Crossing(self._gate, self._tracker.width, self._tracker.height)
                visit = Visit(moment, moment, crossing, Looks(self._look_rules), moment)
                self._visits[track.number] = visit
            visit.see(moment, quality, track.travel.moved)
            qualities.append((track, quality))
        return qualities

    def _look(self, frame: Frame, found: list[tuple[Track, float]]) -> None:
        """Shows the second model the two-wheelers that deserve a look, all in one batch."""
        riders = [(t, quality) for t, quality in found if t.vehicle is Vehicle.TWO_WHEELER]
        wanted = [self._wants_look(frame, track, quality) for track, quality in riders]
        if not any(wanted):
            return
        boxes = np.array([track.place.xyxy for track, _ in riders], np.float32)
        seen = iter(
            self._perception.heads(frame.image, boxes[np.array(wanted)], self._look_rules.head_score)
        )
        heads = assign_heads(boxes, [next(seen) if wants else Detections.empty() for wants in wanted])
        for (track, quality), wants, own in zip(riders, wanted, heads, strict=True):
            if wants:
                look = Look(self._visits[track.number].last, quality, track.velocity, own)
                self._judge(frame, self._visits[track.number], look)

    def _wants_look(self, frame: Frame, track: Track, quality: float) -> bool:
        return track.hits >= 2 and self._visits[track.number].looks.wants(frame.seconds, quality)

    def _judge(self, frame: Frame, visit: Visit, look: Look) -> None:
        """Takes a look, judges anew and keeps the picture while somebody seems to be bare-headed."""
        visit.looks.add(look)
        if (look.heads.class_id == 1).any():
            visit.looks.keep_view(look, frame.image)
        visit.verdicts = judge(Vehicle.TWO_WHEELER, visit.looks.all, look.moment.frame, self._judge_rules)
        if not any(verdict.worn < 0.5 for verdict in visit.verdicts):
            visit.looks.drop_views()

    def _has_passed(self, track: Track, visit: Visit) -> bool:
        if not track.confirmed or not track.travel.moved:
            return False
        return visit.seen_s >= SEEN_S if isinstance(self._gate, WholeGate) else visit.gate is not None

    def _close(self, ended: tuple[Track, ...]) -> list[Closed]:
        visits = [(track, self._visits.pop(track.number)) for track in ended]
        return [self._closed(track, visit) for track, visit in visits if self._has_passed(track, visit)]

    def _closed(self, track: Track, visit: Visit) -> Closed:
        looks = visit.looks.all if track.vehicle is Vehicle.TWO_WHEELER else ()
        verdicts = judge(track.vehicle, looks, visit.best.frame, self._judge_rules)
        passage = Passage(
            camera=self._camera,
            track=track.number,
            vehicle=track.vehicle,
            direction=track.travel.direction,
            first=visit.first,
            gate=visit.gate or visit.clearest,
            last=visit.last,
            best=visit.best,
            observations=tuple(verdict.observation for verdict in verdicts),
        )
        evidence = tuple(v.observation.seat for v in verdicts if v.is_evidence)
        views = _views(visit, verdicts) if passage.is_violation else ()
        return Closed(passage, views, evidence)

    def _sighting(self, track: Track, visit: Visit) -> Sighting:
        persons = tuple(_person(verdict, visit.last.frame) for verdict in visit.verdicts)
        return Sighting(
            track=track.number,
            vehicle=track.vehicle,
            xyxy=visit.last.xyxy,
            confirmed=track.confirmed,
            counted=self._has_passed(track, visit),
            persons=persons if track.vehicle is Vehicle.TWO_WHEELER else (),
        )


def build_lane(
    camera: str, perception: Perception, size: tuple[int, int], gate: Gate, judge_rules: JudgeRules
) -> Lane:
    """A lane for pictures of `size` (width, height), with the usual tracker and looks."""
    return Lane(camera, perception, Tracker(*size), gate, judge_rules, LookRules())


def _person(verdict: Verdict, frame: int) -> PersonSighting:
    observation = verdict.observation
    return PersonSighting(observation.role, observation.status, _head_at(verdict, frame))


def _head_at(verdict: Verdict, frame: int) -> Box | None:
    return next((vote.xyxy for vote in verdict.votes if vote.moment.frame == frame), None)


def _views(visit: Visit, verdicts: tuple[Verdict, ...]) -> tuple[View, ...]:
    """The pictures kept, with the final answers on the heads."""
    views = []
    for look, image in visit.looks.views:
        boxes = [(v.observation, _head_at(v, look.moment.frame)) for v in verdicts]
        heads = tuple(HeadView(o.seat, box, o.status) for o, box in boxes if box is not None)
        if any(head.status is Status.NOT_WORN for head in heads):
            views.append(View(look.moment, image, heads))
    return tuple(views)
