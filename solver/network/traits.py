"""What rules and objectives can see of a pledge beside what it offers, where and when.

Pledges that differ in something that is read are not interchangeable (solver.network.sources). One function per thing
that can be seen: it yields arrays with a row for each pledge (axis o).
"""

from collections.abc import Callable, Collection, Iterator, Mapping

import numpy as np

from solver.arrays import Arrays, Booleans, Floats, Integers
from solver.partners import fair_shares, is_of_type, regions_of_language_share, speaking

Trait = Floats | Integers | Booleans
Reader = Callable[[Arrays], Iterator[Trait]]


def delivery_costs(arrays: Arrays) -> Iterator[Trait]:
    """What its delivery costs in each region, per unit and once."""
    if not arrays.delivery.is_free:
        yield arrays.delivery.cost_pkr[arrays.partner_o, arrays.resource_o]
        yield arrays.delivery.charge_pkr[arrays.partner_o, arrays.resource_o]


def delivery_payments(arrays: Arrays) -> Iterator[Trait]:
    """Where it may pay for delivery, and from when on."""
    if not arrays.delivery.is_free:
        yield arrays.pays_or
        yield (arrays.from_o * arrays.is_funding_k[arrays.resource_o])[:, None]


def mobilisations(arrays: Arrays) -> Iterator[Trait]:
    """Its agreement, where using that costs something once."""
    costly = np.unique(arrays.agreement_o[arrays.mobilisation_o > 0])
    yield np.where(np.isin(arrays.agreement_o, costly), arrays.agreement_o + 1, 0)[:, None]


def partner_types(arrays: Arrays) -> Iterator[Trait]:
    """Whether what it contributes comes from a partner of a type that a rule names."""
    for condition in arrays.with_key("partner_type_share"):
        is_inside = is_of_type(arrays, condition.scope_code)[arrays.partner_o]
        yield (is_inside & _has_value(arrays))[:, None]


def partners_with_a_share(arrays: Arrays) -> Iterator[Trait]:
    """Whose it is, where that partner has a fair share and it has a value."""
    is_told_apart = ~np.isnan(fair_shares(arrays))[arrays.partner_o] & _has_value(arrays)
    yield np.where(is_told_apart, arrays.partner_o + 1, 0)[:, None]


def languages(arrays: Arrays) -> Iterator[Trait]:
    """Personnel: in which of the regions that a rule looks at they share a language."""
    regions = sorted({r for c in arrays.with_key("language_share") for r in regions_of_language_share(arrays, c)})
    yield speaking(arrays)[:, regions] & arrays.is_personnel_k[arrays.resource_o][:, None]


READ_BY: Mapping[str, tuple[Reader, ...]] = {
    "pay_delivery": (delivery_costs, delivery_payments),
    "delivery_cap": (delivery_costs, mobilisations),
    "delivery_cost": (delivery_costs, mobilisations),
    "partner_type_share": (partner_types,),
    "language_share": (languages,),
    "burden_cap": (partners_with_a_share,),
    "burden": (partners_with_a_share,),
}


def traits_read(keys: Collection[str]) -> tuple[Reader, ...]:
    """What the rules and objectives with these keys read, each once."""
    return tuple(dict.fromkeys(reader for key, readers in READ_BY.items() if key in keys for reader in readers))


def _has_value(arrays: Arrays) -> Booleans:
    """Which pledges contribute a value; without one, nobody asks whose they are."""
    return np.asarray(arrays.value_k[arrays.resource_o] > 0)
