"""The simulated junction: a drawn, seeded street scene with exact truth."""
