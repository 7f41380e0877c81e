"""A process that writes to a store and says what was acknowledged: python writes_to_a_store.py URL BATCHES.

Each batch holds ten two-wheelers with their riders; the number of the last one is printed after it was saved.
"""

import sys

from builders_records import riders, session

from helmetbelt.pipelines.passages import Status
from helmetbelt.records.store import Store

BATCH = 10
STATUSES = (Status.WORN, Status.NOT_WORN, Status.UNKNOWN)


def main(where: str, batches: int) -> None:
    """Write so many batches, from the first passage on."""
    with Store.open(where) as store:
        handle = store.begin_session(session())
        for batch in range(batches):
            statuses = [STATUSES[n % 3] for n in range((batch + 1) * BATCH)]
            store.save(handle, riders(statuses)[-BATCH:])
            print((batch + 1) * BATCH, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
