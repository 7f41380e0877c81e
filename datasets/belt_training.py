"""Training of the belt model: a plain loop, the same for the same seed, that goes on after the last finished epoch."""

import logging
import os
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np

from helmetbelt.datasets.belt_data import State
from helmetbelt.datasets.belt_pictures import MASK_PX, Shower, Shown
from helmetbelt.datasets.belt_set import Occupant, load_belt_set
from helmetbelt.datasets.training import Recipe

log = logging.getLogger(__name__)

PICTURES_A_EPOCH = 1024

TARGETS = {
    State.BELTED: (0.95, 0.02, 0.03),
    State.UNBELTED: (0.02, 0.95, 0.03),
    State.UNCLEAR: (0.15, 0.15, 0.70),
}
"""An unreadable occupant is as likely belted as not, so that the share of the two stays in the middle."""

STRAP_WEIGHT = 0.5
STAGES_RATE = 0.3
"""Learning rate of the pretrained stages as a share of that of the new layers."""


def train_belts(
    recipe: Recipe, occupants: Path | Sequence[Occupant], start: Path, run: Path, threads: int | None = None
) -> Path:
    """Trains, or goes on where an interrupted training of the same folder stopped.

    Args:
        recipe: how; its input and augmentation are those of `belt_pictures`.
        occupants: the index of a written set, or occupants themselves.
        start: folder of the starting weights, or a detector's file.
        run: folder of the checkpoint `last.pt`, written after every epoch.
        threads: of torch; None for all cores.

    Returns:
        the checkpoint.

    Raises:
        ModelFileError: no such starting weights.
        TrainingEnvironmentError: torch or ultralytics isn't installed here.
    """
    from helmetbelt.datasets.training_environment import yolo

    weights = start if start.is_file() else start / recipe.start
    yolo(weights)  # says what is missing before torch is imported
    import torch

    from helmetbelt.datasets.belt_network import new_network

    torch.set_num_threads(threads or os.cpu_count() or 1)
    torch.manual_seed(recipe.seed)
    network = new_network(weights, recipe.seed)
    trainer = _Trainer(network, recipe)
    last = run / "last.pt"
    done = trainer.resume(last) if last.exists() else 0
    run.mkdir(parents=True, exist_ok=True)
    shower = Shower(load_belt_set(occupants) if isinstance(occupants, Path) else list(occupants))
    for epoch in range(done, recipe.epochs):
        log.info("epoch %d of %d: loss %.3f", epoch + 1, recipe.epochs, trainer.epoch(shower, epoch))
        trainer.save(last, epoch + 1)
    return last


class _Trainer:
    """The network, its optimiser, and the average of its weights that is what comes out."""

    def __init__(self, network: Any, recipe: Recipe) -> None:
        import torch

        self.recipe = recipe
        self.network = network.requires_grad_(True)
        stages = list(network.stages.parameters())
        known = {id(p) for p in stages}
        new = [p for p in network.parameters() if id(p) not in known]
        groups = [
            {"params": stages, "lr": recipe.learning_rate * STAGES_RATE},
            {"params": new, "lr": recipe.learning_rate},
        ]
        self.optimiser = torch.optim.AdamW(groups, weight_decay=0.02)
        steps = recipe.epochs * (PICTURES_A_EPOCH // recipe.batch)
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimiser, [g["lr"] for g in groups], total_steps=steps, pct_start=0.15
        )
        self.average = torch.optim.swa_utils.AveragedModel(
            network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.995), use_buffers=True
        )

    def epoch(self, shower: Shower, number: int) -> float:
        """Mean loss of one epoch; its pictures depend on the seed and its number."""
        rng = np.random.default_rng([self.recipe.seed, number])
        self.network.train()
        losses = []
        for _ in range(PICTURES_A_EPOCH // self.recipe.batch):
            loss = self._loss([shower.draw(rng) for _ in range(self.recipe.batch)])
            self.optimiser.zero_grad()
            loss.backward()
            self.optimiser.step()
            self.schedule.step()
            self.average.update_parameters(self.network)
            losses.append(float(loss.detach()))
        return float(np.mean(losses))

    def save(self, last: Path, epochs: int) -> None:
        """Writes the checkpoint at once or not at all."""
        import torch

        parts = {"optimiser": self.optimiser, "schedule": self.schedule, "average": self.average}
        state = {key: part.state_dict() for key, part in parts.items()}
        state |= {"raw": self.network.state_dict(), "network": self.average.module.state_dict(), "epochs": epochs}
        half = last.with_suffix(".half")
        torch.save(state, half)
        half.replace(last)

    def resume(self, last: Path) -> int:
        """Takes up a checkpoint; gives the epochs that are done."""
        import torch

        state = torch.load(last, weights_only=True)
        self.network.load_state_dict(state["raw"])
        for key, part in (("optimiser", self.optimiser), ("schedule", self.schedule), ("average", self.average)):
            part.load_state_dict(state[key])
        return int(state["epochs"])

    def _loss(self, pictures: list[Shown]) -> Any:
        import torch
        from torch.nn import functional

        planes = np.stack([p.image[..., ::-1].transpose(2, 0, 1) for p in pictures])
        target = torch.tensor([TARGETS[p.state] for p in pictures])
        known = torch.tensor([p.strap is not None for p in pictures])
        nothing = np.zeros((MASK_PX, MASK_PX), np.float32)
        strap = torch.from_numpy(np.stack([nothing if p.strap is None else p.strap for p in pictures]))
        with _bfloat16():
            logits, seen = self.network(torch.from_numpy(np.ascontiguousarray(planes)).float())
        answer = -(target * logits.float().log_softmax(1)).sum(1).mean()
        cells = functional.binary_cross_entropy_with_logits(
            seen.float(), strap, reduction="none", pos_weight=torch.tensor(4.0)
        ).mean((1, 2))
        return answer + STRAP_WEIGHT * (cells * known).sum() / known.sum().clamp(min=1)


def _bfloat16() -> Any:
    import torch

    if torch.cpu._is_avx512_bf16_supported():
        return torch.autocast("cpu", torch.bfloat16)
    return nullcontext()
