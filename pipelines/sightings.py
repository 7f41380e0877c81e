"""What a lane sees at this moment: for drawing, and for nothing that is counted."""

from dataclasses import dataclass

from helmetbelt.pipelines.passages import Box, Role, Status, Vehicle


@dataclass(frozen=True, slots=True)
class PersonSighting:
    """One person of a vehicle in view.

    Attributes:
        role: as far as known.
        status: judged from the votes so far.
        head: in the frame just stepped, of people in cars their upper body; None where it wasn't looked for or
            wasn't found.
    """

    role: Role
    status: Status
    head: Box | None


@dataclass(frozen=True, slots=True)
class Sighting:
    """One vehicle in the frame just stepped.

    Attributes:
        track: number in the session, from 1.
        vehicle: kind, by the votes so far.
        xyxy: where it was found, pixels of the source's picture.
        confirmed: seen long enough to be counted if it goes through the gate.
        counted: it has gone through the gate.
        persons: rider or driver first.
        windshield: in the frame just stepped; None where it wasn't looked for or wasn't found.
    """

    track: int
    vehicle: Vehicle
    xyxy: Box
    confirmed: bool
    counted: bool
    persons: tuple[PersonSighting, ...]
    windshield: Box | None = None
