"""Who gives to which activity, in the terms of the planning model: the arcs of a partner, and a yes/no for them."""

from dataclasses import dataclass
from itertools import compress

import numpy as np

from solver.network.plan_model import POOL, PlanModel
from solver.program import Booleans, Integers
from solver.yes_no import YesNo

TINY = 1e-9  # of a leg's scale: less is rounding


@dataclass(frozen=True, slots=True)
class Givers:
    """Axis g: pairs of a partner and an activity to which it has arcs, with the serving legs of each."""

    partner_g: Integers
    activity_g: Integers
    leg: Integers  # per entry
    giver: Integers  # per entry, the pair that the leg belongs to

    def __len__(self) -> int:
        return len(self.partner_g)

    def among(self, is_wanted_g: Booleans) -> "Givers":
        """Some of the pairs, numbered anew."""
        number_g = np.cumsum(is_wanted_g) - 1
        entry = is_wanted_g[self.giver]
        return Givers(
            self.partner_g[is_wanted_g], self.activity_g[is_wanted_g], self.leg[entry], number_g[self.giver[entry]]
        )


def givers_of(model: PlanModel, is_read: Booleans) -> Givers:
    """The pairs behind these serving legs; legs of a pool belong to nobody."""
    arrays, serving = model.arrays, model.serving
    leg = np.flatnonzero(is_read & (serving.source != POOL))
    partner = arrays.partner_o[model.sources.first_o[serving.source[leg]]]
    activity = arrays.activity_q[serving.requirement[leg]]
    pairs, giver = np.unique(np.stack([partner, activity], axis=1), axis=0, return_inverse=True)
    return Givers(pairs[:, 0], pairs[:, 1], leg, giver.ravel())


def gives(model: PlanModel, name: str, givers: Givers) -> Integers:
    """z_pa of each pair: 1 where the partner gives anything by these legs. The same legs share it between rules."""
    count_g = np.bincount(givers.giver, minlength=len(givers))
    keys = list(zip(givers.partner_g.tolist(), givers.activity_g.tolist(), count_g.tolist(), strict=True))
    is_new = [key not in model.gives for key in keys]
    new = givers.among(np.array(is_new, dtype=bool))
    answers = answers_of(model, name, new.leg, new.giver, len(new))
    model.gives.update(zip(compress(keys, is_new), answers.tolist(), strict=True))
    return np.array([model.gives[key] for key in keys], dtype=np.int64)


def answers_of(model: PlanModel, name: str, leg: Integers, group: Integers, count: int) -> Integers:
    """A yes/no variable for each group of serving legs, which flow only where it is 1.

    For each requirement q of the group: sum of its flows <= min(R_q, what they can come to) · answer.
    """
    arrays, serving, program = model.arrays, model.serving, model.program
    answer_g = program.add_variables(count, is_integer=True)
    requirement, variable, scale = serving.requirement[leg], serving.variable[leg], serving.scale[leg]
    rows, row = np.unique(np.stack([group, requirement], axis=1), axis=0, return_inverse=True)
    row = row.ravel()
    most = np.bincount(row, program.upper[variable] * scale, minlength=len(rows))
    program.add_rows(
        name,
        np.concatenate([row, np.arange(len(rows))]),
        np.concatenate([variable, answer_g[rows[:, 0]]]),
        np.concatenate([scale, -np.minimum(most, arrays.required_q[rows[:, 1]])]),
        -np.inf,
        0.0,
        count=len(rows),
    )
    model.yes_no.append(YesNo(answer_g, group, variable, np.ones(len(leg)), TINY))
    return answer_g
