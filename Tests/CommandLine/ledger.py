"""What a server has acknowledged, and what it may have done without saying so before it was killed."""

from collections.abc import Hashable
from dataclasses import dataclass, field


@dataclass
class Ledger:
    """For each thing the values it may have: one once the server has answered, the old and the new one until then."""

    allowed: dict[Hashable, list] = field(default_factory=dict)
    promises: int = 0

    def ask(self, thing: Hashable, value) -> None:
        """About to be sent. What it was before must be known, unless the thing is new."""
        self.allowed[thing] = [*self.allowed.get(thing, []), value]

    def acknowledge(self, thing: Hashable, value) -> None:
        self.allowed[thing] = [value]
        self.promises += 1

    def refuse(self, thing: Hashable, value) -> None:
        self.allowed[thing].remove(value)

    def check(self, thing: Hashable, actual) -> None:
        """After a restart: nothing acknowledged is missing. From now on what is there counts."""
        assert actual in self.allowed[thing], f"{thing} is {actual!r}, acknowledged was {self.allowed[thing]!r}"
        self.allowed[thing] = [actual]
