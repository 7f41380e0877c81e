"""From the class names that people use to ours."""

import difflib
import re
from collections.abc import Mapping, Sequence

from helmetbelt.datasets.formats.foreign import FormatError
from helmetbelt.datasets.manifest import NAMES, Label

IGNORE = "ignore"
"""Written for a class that is to be left out."""

KNOWN: Mapping[Label, str] = {
    Label.HELMET: "helmet, with helmet, helmeted, wearing helmet, wear helmet, helmet on, on helmet, has helmet,"
    " helmet head, head with helmet, motorcycle helmet, 头盔, 戴头盔, 佩戴头盔, 已佩戴头盔",
    Label.BARE: "bare, bare head, no helmet, without helmet, not helmet, non helmet, unhelmeted, not wearing helmet,"
    " helmet off, off helmet, head without helmet, 未戴头盔, 未佩戴头盔, 无头盔, 没戴头盔",
    Label.TWO_WHEELER: "two wheeler, twowheeler, motorcycle, motorbike, moto, scooter, moped, ebike, e bike, e scooter,"
    " electric bike, electric bicycle, electric vehicle, motor, 两轮车, 电动车, 电动自行车, 摩托车, 二轮车",
    Label.RIDER: "rider, motorcyclist, driver of two wheeler, 骑手, 骑行者, 驾驶人",
    Label.PLATE: "plate, number plate, numberplate, license plate, licence plate, licenseplate, lp, 车牌",
    Label.CAR: "car, van, truck, lorry, bus, minibus, pickup, 汽车, 轿车, 客车, 货车, 公交车",
}
"""Names in the wild, in lower case with single spaces."""

HEAD = "head"
"""A head without more, which is a bare one where the set has a class of helmets beside it."""


def labels_for(names: Sequence[str], said: Mapping[str, str]) -> list[Label | None]:
    """Our class of each name; None for one that is to be left out.

    Args:
        names: as the authors wrote them.
        said: by the user: our class (or "ignore") by the authors' name.

    Raises:
        FormatError: a name that nobody knows, one said of no class of the set, or one said to be no class of ours.
    """
    chosen = {_plain(name): _said(name, ours) for name, ours in said.items()}
    foreign = [name for name in said if _plain(name) not in {_plain(n) for n in names}]
    if foreign:
        raise FormatError(f"--map {foreign[0]}=...: the set has no such class; it has {_listed(names)}")
    table = {_plain(n): label for label, known in KNOWN.items() for n in known.split(",")}
    if any(table.get(_plain(n)) is Label.HELMET for n in names):
        table[HEAD] = Label.BARE
    found = [chosen[_plain(n)] if _plain(n) in chosen else table.get(_plain(n), n) for n in names]
    unknown = [f for f in found if isinstance(f, str) and not isinstance(f, Label)]
    if unknown:
        flags = " ".join(f"--map '{n}=CLASS'" for n in unknown)
        raise FormatError(
            f"class names {_listed(unknown)} are not known: add {flags} with CLASS one of"
            f" {', '.join(NAMES)}, {IGNORE}"
        )
    return [f if isinstance(f, Label) else None for f in found]


def parse_map(pairs: Sequence[str]) -> dict[str, str]:
    """What was written as `NAME=CLASS`, several times.

    Raises:
        FormatError: no "=", or a name twice.
    """
    said: dict[str, str] = {}
    for pair in pairs:
        name, is_there, ours = pair.rpartition("=")
        if not is_there or not name.strip() or not ours.strip():
            raise FormatError(f"--map {pair!r}: expected NAME=CLASS, such as 'No Helmet=bare'")
        if name in said:
            raise FormatError(f"--map: {name!r} is said twice")
        said[name] = ours.strip()
    return said


def _said(name: str, ours: str) -> Label | None:
    if ours == IGNORE:
        return None
    if ours not in NAMES:
        near = difflib.get_close_matches(ours, NAMES, 1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        raise FormatError(f"--map {name}={ours}: expected one of {', '.join(NAMES)}, {IGNORE}{hint}")
    return Label(NAMES[ours])


def _plain(name: str) -> str:
    """Lower case, words apart by one space: "With_Helmet" and "WithHelmet" are "with helmet"."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return re.sub(r"[\s_\-./]+", " ", apart).strip().lower()


def _listed(names: Sequence[object]) -> str:
    return ", ".join(repr(str(n)) for n in names)
