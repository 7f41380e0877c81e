"""What has been counted so far."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from helmetbelt.pipelines.passages import Item, Passage, Role, Status, Vehicle

PLACES: tuple[tuple[Item, Role], ...] = (
    (Item.HELMET, Role.RIDER),
    (Item.HELMET, Role.PILLION),
    (Item.SEATBELT, Role.DRIVER),
    (Item.SEATBELT, Role.FRONT_PASSENGER),
)
"""Who is asked for what, in the order of every table."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Passages by vehicle, and answers by item, role and status; what is missing is 0."""

    passages: Mapping[Vehicle, int] = field(default_factory=lambda: MappingProxyType({}))
    answers: Mapping[tuple[Item, Role, Status], int] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, passages: Iterable[Passage]) -> "Tally":
        """The count of these passages."""
        return cls().plus(passages)

    def plus(self, passages: Iterable[Passage]) -> "Tally":
        """This count and these passages."""
        vehicles, answers = dict(self.passages), dict(self.answers)
        for passage in passages:
            vehicles[passage.vehicle] = vehicles.get(passage.vehicle, 0) + 1
            for seen in passage.observations:
                key = (seen.item, seen.role, seen.status)
                answers[key] = answers.get(key, 0) + 1
        return Tally(MappingProxyType(vehicles), MappingProxyType(answers))

    def vehicles(self, vehicle: Vehicle) -> int:
        """Passages of one kind of vehicle."""
        return self.passages.get(vehicle, 0)

    def answer(self, item: Item, role: Role, status: Status) -> int:
        """Persons with this answer."""
        return self.answers.get((item, role, status), 0)
