"""The lane of one camera: its frames in, its passages out; every vehicle once, every person once.

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
from helmetbelt.pipelines.judge import judge
from helmetbelt.pipelines.looking import Found, look_at_cars, look_at_riders
from helmetbelt.pipelines.looks import LookRules, Looks, view_quality
from helmetbelt.pipelines.motion import CameraMotion
from helmetbelt.pipelines.passages import Box, Item, Passage, Status, Vehicle
from helmetbelt.pipelines.perception import Perception
from helmetbelt.pipelines.rules import Rules
from helmetbelt.pipelines.sightings import PersonSighting, Sighting
from helmetbelt.pipelines.track import Track
from helmetbelt.pipelines.tracker import Tracker
from helmetbelt.pipelines.verdicts import Verdict
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
        rules: Rules,
        look_rules: LookRules,
    ) -> None:
        self._camera = camera
        self._perception = perception
        self._tracker = tracker
        self._gate = gate
        self._rules, self._look_rules = rules, look_rules
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

    def _see(self, frame: Frame) -> list[Found]:
        """Notes where each vehicle is; gives those found with the quality of their view."""
        tracks = [track for track in self._tracker.tracks if track.found >= 0]
        boxes = np.array([track.place.xyxy for track in tracks]).reshape(-1, 4)
        found: list[Found] = []
        for index, track in enumerate(tracks):
            cut = track.place.cut_by(self._tracker.width, self._tracker.height)
            quality = view_quality(track.vehicle, track.place.xyxy, cut, np.delete(boxes, index, axis=0))
            moment = moment_of(frame, track.place.xyxy)
            visit = self._visits.get(track.number)
            if visit is None:
                crossing = Crossing(self._gate, self._tracker.width, self._tracker.height)
                visit = Visit(moment, moment, crossing, Looks(self._look_rules), moment)
                self._visits[track.number] = visit
            visit.see(moment, quality, track.travel.moved)
            found.append(Found(track, visit, quality))
        return found

    def _look(self, frame: Frame, found: list[Found]) -> None:
        """Shows the second models who deserves a look, judges anew and keeps the picture while somebody is accused."""
        seen = look_at_riders(self._perception, self._rules, frame, found)
        seen += look_at_cars(self._perception, self._rules, frame, found)
        for one, look in seen:
            visit = one.visit
            visit.look = look
            visit.looks.add(look)
            if look.accuses:
                visit.looks.keep_view(look, frame.image)
            visit.verdicts = judge(one.track.vehicle, visit.looks.all, look.moment.frame, self._rules)
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
        verdicts = judge(track.vehicle, visit.looks.all, visit.best.frame, self._rules)
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
        return Sighting(
            track=track.number,
            vehicle=track.vehicle,
            xyxy=visit.last.xyxy,
            confirmed=track.confirmed,
            counted=self._has_passed(track, visit),
            persons=_persons(track.vehicle, visit),
            windshield=_windshield(visit),
        )


def build_lane(camera: str, perception: Perception, size: tuple[int, int], gate: Gate, rules: Rules) -> Lane:
    """A lane for pictures of `size` (width, height), with the usual tracker and looks."""
    return Lane(camera, perception, Tracker(*size), gate, rules, LookRules())


def _persons(vehicle: Vehicle, visit: Visit) -> tuple[PersonSighting, ...]:
    """Those judged so far; what was judged while the vehicle was taken for another kind is left out."""
    item = Item.HELMET if vehicle is Vehicle.TWO_WHEELER else Item.SEATBELT
    seen = [(v.observation, v.box_at(visit.last.frame)) for v in visit.verdicts]
    return tuple(PersonSighting(o.role, o.status, box) for o, box in seen if o.item is item)


def _windshield(visit: Visit) -> Box | None:
    look = visit.look
    if look is None or look.moment.frame != visit.last.frame or not len(look.cabin.windshield):
        return None
    x1, y1, x2, y2 = (float(side) for side in look.cabin.windshield.xyxy[0])
    return x1, y1, x2, y2


def _views(visit: Visit, verdicts: tuple[Verdict, ...]) -> tuple[View, ...]:
    """The pictures kept, with the final answers on the people in them."""
    views = []
    for look, image in visit.looks.views:
        boxes = [(v.observation, v.box_at(look.moment.frame)) for v in verdicts]
        heads = tuple(HeadView(o.seat, box, o.status) for o, box in boxes if box is not None)
        if any(head.status is Status.NOT_WORN for head in heads):
            views.append(View(look.moment, image, heads))
    return tuple(views)
