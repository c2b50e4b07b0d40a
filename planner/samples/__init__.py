"""Built-in scenarios, invented from end to end: to look around in, to try rules on, to test with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from planner.problems import ConcordError
from planner.samples.identity import with_stable_ids
from planner.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Sample:
    """A built-in scenario: its name on the command line, its title and what it shows."""

    name: str
    title: str
    description: str


SAMPLES: Mapping[str, Sample] = {
    sample.name: sample
    for sample in (
        Sample(
            "stabilisation",
            "Stabilisation plan 2027–28",
            "16 partners, 6 regions, 10 initiatives, 8 quarters: every rule at work on one invented programme.",
        ),
        Sample(
            "first-steps",
            "First steps",
            "3 partners, 2 regions, 3 initiatives, 4 quarters: small enough to check by eye.",
        ),
    )
}


def build_sample(name: str = "stabilisation") -> Scenario:
    """The sample of that name: the same scenario, with the same ids, every time.

    Raises ConcordError, naming the samples there are, for an unknown name.
    """
    builders: Mapping[str, Callable[[], Scenario]] = {
        "stabilisation": _build_stabilisation,
        "first-steps": _build_first_steps,
    }
    if name not in builders:
        raise ConcordError(f"There is no sample “{name}”. The samples are: {', '.join(SAMPLES)}.")
    return with_stable_ids(builders[name](), name)


def _build_stabilisation() -> Scenario:
    from planner.samples.stabilisation import build

    return build()


def _build_first_steps() -> Scenario:
    from planner.samples.first_steps import build

    return build()
