"""The simulated junction: a drawn, seeded street scene with exact truth, as a source and as files."""

from helmetbelt.datasets.simulation.scene import Scene
from helmetbelt.datasets.simulation.source import SimulatedSource, open_simulation
from helmetbelt.datasets.simulation.truth import PassageTruth, PersonTruth, RiderTruth, VehicleTruth

__all__ = [
    "PassageTruth",
    "PersonTruth",
    "RiderTruth",
    "Scene",
    "SimulatedSource",
    "VehicleTruth",
    "open_simulation",
]
