"""Training of the belt model: a plain loop, the same for the same seed, that goes on after the last finished epoch."""

import logging
import os
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np

from helmetbelt.datasets.belt_data import State
from helmetbelt.datasets.belt_pictures import Pool
from helmetbelt.datasets.belt_pool import load_pool
from helmetbelt.datasets.training import Recipe

log = logging.getLogger(__name__)

TARGETS = {
    State.BELTED: (0.95, 0.02, 0.03),
    State.UNBELTED: (0.02, 0.95, 0.03),
    State.UNCLEAR: (0.15, 0.15, 0.70),
}
"""An unreadable occupant is as likely belted as not, so that the share of the two stays in the middle."""

STRAP_WEIGHT = 0.5
STAGES_RATE = 0.3
"""Learning rate of the pretrained stages as a share of that of the new layers."""


def train_belts(recipe: Recipe, pictures: Path | Pool, start: Path, run: Path, threads: int | None = None) -> Path:
    """Trains, or goes on where an interrupted training of the same folder stopped.

    Args:
        recipe: how; its augmentation is that of `belt_pictures`.
        pictures: to train on, or the file that holds them.
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
    pool = load_pool(pictures) if isinstance(pictures, Path) else pictures
    trainer = _Trainer(new_network(weights, recipe.seed), recipe, len(pool))
    last = run / "last.pt"
    done = trainer.resume(last) if last.exists() else 0
    run.mkdir(parents=True, exist_ok=True)
    for epoch in range(done, recipe.epochs):
        loss = trainer.epoch(pool, epoch)
        trainer.save(last, epoch + 1)
        log.info("epoch %d of %d: loss %.3f", epoch + 1, recipe.epochs, loss)
    return last


class _Trainer:
    """The network, its optimiser, and the average of its weights that is what comes out."""

    def __init__(self, network: Any, recipe: Recipe, pictures: int) -> None:
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
        steps = recipe.epochs * (pictures // recipe.batch)
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimiser, [g["lr"] for g in groups], total_steps=steps, pct_start=0.15
        )
        self.average = torch.optim.swa_utils.AveragedModel(
            network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.995), use_buffers=True
        )

    def epoch(self, pool: Pool, number: int) -> float:
        """Mean loss of one epoch; its order and mirroring depend on the seed and its number."""
        rng = np.random.default_rng([self.recipe.seed, number])
        self.network.train()
        losses = []
        order = rng.permutation(len(pool))
        for k in range(len(pool) // self.recipe.batch):
            loss = self._loss(pool[order[k * self.recipe.batch :][: self.recipe.batch]], bool(rng.random() < 0.5))
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

    def _loss(self, pool: Pool, mirrored: bool) -> Any:
        import torch
        from torch.nn import functional

        turn = slice(None, None, -1 if mirrored else 1)
        planes = np.ascontiguousarray(pool.images[:, :, turn, ::-1].transpose(0, 3, 1, 2))
        straps = np.ascontiguousarray(pool.straps[:, :, turn])
        known = torch.from_numpy(~np.isnan(straps[:, 0, 0]))
        target = torch.tensor([TARGETS[State(s)] for s in pool.states])
        with _bfloat16():
            logits, seen = self.network(torch.from_numpy(planes).float())
        answer = -(target * logits.float().log_softmax(1)).sum(1).mean()
        cells = functional.binary_cross_entropy_with_logits(
            seen.float(), torch.from_numpy(np.nan_to_num(straps)), reduction="none", pos_weight=torch.tensor(4.0)
        ).mean((1, 2))
        return answer + STRAP_WEIGHT * (cells * known).sum() / known.sum().clamp(min=1)


def _bfloat16() -> Any:
    import torch

    if torch.cpu._is_avx512_bf16_supported():
        return torch.autocast("cpu", torch.bfloat16)
    return nullcontext()
