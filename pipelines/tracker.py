"""Gives boxes of one camera's frames their vehicle: two-threshold association in the manner of ByteTrack.

Zhang et al., ByteTrack (ECCV 2022), section 3: sure boxes are matched first, then the doubtful ones continue
what is left. Added for few frames a second: stages by distance of centres and size, and the usual velocity
of the place for new tracks. Everything is in seconds, so that the frame rate doesn't change the counts.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from helmetbelt.detector.detections import Detections
from helmetbelt.pipelines.association import area, closeness, distinct, greedy_pairs, intersection, iou
from helmetbelt.pipelines.motion import IDENTITY, Shift
from helmetbelt.pipelines.place import Camera, Place
from helmetbelt.pipelines.track import Track
from helmetbelt.pipelines.travel import Travel
from helmetbelt.pipelines.velocities import VelocityField

Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TrackerRules:
    """What a tracker believes; all patience in seconds.

    Attributes:
        low: least score of a box that may continue a track.
        high: least score of a box that is matched first and may begin a track.
        same_iou: boxes that overlap more are one vehicle.
        least_iou: of a box and the prediction it continues by overlap.
        size_factor: greatest change of size between two sights, by distance.
        reach: greatest distance from the prediction, in sizes of the box; half a size more a second unseen.
        speed: greatest distance from a prediction that is a guess, in sizes of the box a second.
        inside: a box that lies so far inside another's begins no track.
        patience_s: how long an unseen track is awaited.
        standing_patience_s: the same, of a vehicle that stood still: a bus may pass before it.
        doubt_s: the same, of an unconfirmed track.
    """

    low: float = 0.15
    high: float = 0.35
    same_iou: float = 0.65
    least_iou: float = 0.25
    size_factor: float = 1.8
    reach: float = 0.6
    speed: float = 7.0
    inside: float = 0.85
    patience_s: float = 1.5
    standing_patience_s: float = 5.0
    doubt_s: float = 0.5



class Tracker:
    """The tracks of one camera; numbers begin at 1 in each tracker. Touched by one loop only."""

    def __init__(self, width: int, height: int, rules: TrackerRules | None = None) -> None:
        """For pictures of `width` by `height` pixels."""
        self.rules = rules or TrackerRules()
        self.width, self.height = width, height
        self._usual = VelocityField(width, height)
        self._tracks: list[Track] = []
        self._made = 0
        self._last: float | None = None
        self._interval = 0.0

    @property
    def tracks(self) -> tuple[Track, ...]:
        """Those alive after the last step, seen in it or awaited."""
        return tuple(self._tracks)

    def step(self, road_users: Detections, seconds: float, shift: Shift) -> tuple[Track, ...]:
        """Takes the boxes of the next frame.

        Args:
            road_users: class 0 two-wheelers, 1 cars.
            seconds: of the frame, later than the last.
            shift: what the camera did since the last frame; a cut ends all tracks.

        Returns:
            The tracks that ended.

        Raises:
            ValueError: the frame isn't later than the last.
        """
        ended = self._bring_to(seconds, shift)
        xyxy = road_users.xyxy.astype(np.float64)
        known = distinct(xyxy, road_users.score, self.rules.same_iou)
        used = self._match(road_users, xyxy, known, seconds)
        self._begin(road_users, xyxy, [i for i in known.tolist() if i not in used], seconds)
        lost = [t for t in self._tracks if seconds - t.seen > self._patience(t)]
        self._tracks = [t for t in self._tracks if t not in lost]
        return ended + tuple(lost)

    def finish(self) -> tuple[Track, ...]:
        """Ends all tracks and gives them."""
        ended, self._tracks = tuple(self._tracks), []
        return ended

    def _bring_to(self, seconds: float, shift: Shift) -> tuple[Track, ...]:
        """Predicts all tracks to this frame; gives those that a cut ended."""
        if self._last is not None and seconds <= self._last:
            raise ValueError(f"frame at {seconds} s after one at {self._last} s: time goes forward")
        self._interval = 0.0 if self._last is None else seconds - self._last
        self._last = seconds
        if shift.is_cut:
            return self.finish()
        for track in self._tracks:
            track.advance(self._interval)
        if not np.array_equal(shift.matrix, IDENTITY):
            camera = Camera.from_matrix(shift.matrix)
            for track in self._tracks:
                track.follow_camera(camera)
        return ()

    def _match(self, users: Detections, xyxy: Doubles, known: NDArray[np.intp], seconds: float) -> set[int]:
        """Continues tracks by boxes, in stages; gives the boxes used."""
        used: set[int] = set()
        sure, unsure = (known[(users.score[known] >= self.rules.high) == s] for s in (True, False))
        stages: tuple[tuple[NDArray[np.intp], Callable[[Track], bool], _Similarity], ...] = (
            (sure, lambda t: t.velocity_known, self._overlap),
            (unsure, lambda t: t.velocity_known, self._overlap),
            (sure, lambda t: t.velocity_known, self._nearness),
            (sure, lambda t: not t.velocity_known, self._overlap),
            (sure, lambda t: not t.velocity_known, self._nearness),
        )
        for boxes, admits, similarity in stages:
            tracks = [t for t in self._tracks if t.found < 0 and admits(t)]
            free = np.array([i for i in boxes.tolist() if i not in used], np.intp)
            if not tracks or not len(free):
                continue
            table, least = similarity(tracks, xyxy[free])
            for row, column in greedy_pairs(table, least):
                index = int(free[column])
                used.add(index)
                self._continue(tracks[row], users, xyxy[index], index, seconds)
        return used

    def _overlap(self, tracks: list[Track], xyxy: Doubles) -> tuple[Doubles, float]:
        return iou(np.array([t.place.xyxy for t in tracks]), xyxy), self.rules.least_iou

    def _nearness(self, tracks: list[Track], xyxy: Doubles) -> tuple[Doubles, float]:
        assert self._last is not None
        unseen = np.array([self._last - t.seen for t in tracks])
        known = np.array([t.velocity_known for t in tracks])
        reach = np.where(known, self.rules.reach + 0.5 * unseen, self.rules.speed * unseen)
        predicted = np.array([t.place.xyxy for t in tracks])
        return closeness(predicted, xyxy, np.minimum(reach, 1.5), self.rules.size_factor), 0.0

    def _continue(self, track: Track, users: Detections, xyxy: Doubles, index: int, seconds: float) -> None:
        elapsed = seconds - track.seen
        place = Place.from_xyxy(xyxy)
        track.update(place, place.cut_by(self.width, self.height), seconds, index)
        track.vote(int(users.class_id[index]), float(users.score[index]))
        if track.confirmed:
            self._learn(track, elapsed)

    def _learn(self, track: Track, elapsed: float) -> None:
        """Teaches the usual velocity of the track's place; once it is confirmed, that of its first places too.

        It is where vehicles come into the picture that the guess is needed most.
        """
        for place in (*track.early, track.place):
            self._usual.learn(place.x, place.y, track.velocity, elapsed)
        track.early.clear()

    def _begin(self, users: Detections, xyxy: Doubles, free: list[int], seconds: float) -> None:
        """New tracks from the sure boxes left, except those inside the box of a track just seen."""
        sure = np.array([i for i in free if users.score[i] >= self.rules.high], np.intp)
        taken = np.array([t.place.xyxy for t in self._tracks if t.found >= 0]).reshape(-1, 4)
        hidden = intersection(xyxy[sure], taken) > self.rules.inside * area(xyxy[sure])[:, None]
        for index in sure[~hidden.any(axis=1)].tolist():
            self._made += 1
            place = Place.from_xyxy(xyxy[index])
            travel = Travel(place, place.cut_by(self.width, self.height))
            votes = [0.0, 0.0]
            votes[int(users.class_id[index])] = float(users.score[index])
            guess = self._usual.guess(place.x, place.y)
            self._tracks.append(Track(self._made, seconds, seconds, place, index, guess, travel, votes))

    def _patience(self, track: Track) -> float:
        if not track.confirmed:
            return self.rules.doubt_s
        return self.rules.standing_patience_s if track.stands else self.rules.patience_s

_Similarity = Callable[[list[Track], Doubles], tuple[Doubles, float]]
