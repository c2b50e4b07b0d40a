"""Read incoming flows: which of them belong to the plans, and what they are earmarked to."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from planner.exchange.csv_table import CsvRow
from planner.exchange.fts.reading import Flow, Reading, count_flows, listed
from planner.exchange.fts.sums import LeftOut
from planner.exchange.fts.words import NOT_SPECIFIED, ORGANISATION_TYPES, OTHER_TYPE, UNSPECIFIED_NAMES
from resources.offers import STATUSES


def belonging_rows(work: Reading, rows: Iterable[CsvRow]) -> tuple[list[CsvRow], list[LeftOut]]:
    """The rows that come from outside into a plan of the requirements; and the others, by reason."""
    belonging: list[CsvRow] = []
    others: dict[str, list[CsvRow]] = defaultdict(list)
    for row in rows:
        if row["boundary"].lower() != "incoming":
            others[f"boundary is {row['boundary'] or 'empty'}: passed on, counted when it came in"].append(row)
        elif work.plan_of(row) is not None:
            belonging.append(row)
        elif row["destPlanId"] or row["destPlanCode"]:
            others[f"for another plan, {row['destPlanCode'] or row['destPlanId']}"].append(row)
        else:
            others["for no plan"].append(row)
    if not belonging:
        work.fail(
            "fts_files",
            "No flow comes in from outside to a plan that the requirements name; "
            "give fts_incoming_funding_*.csv of the same country and year as the requirements.",
        )
    left_out = []
    for reason, found in sorted(others.items()):
        amount = sum((work.amount(row, "amountUSD") for row in found), Decimal(0))
        left_out.append(LeftOut(reason, len(found), amount))
        work.warn("fts_left_out", f"{count_flows(len(found))} of {amount:,} USD left out: {reason}.")
    return belonging, left_out


def read_flow(work: Reading, row: CsvRow) -> Flow | None:
    """The flow in a row; None without an amount, or where something is wrong with it, which is then told."""
    plan = work.plan_of(row)
    amount = work.amount(row, "amountUSD")
    status = row["status"].lower()
    if amount and status not in STATUSES:
        work.fail(
            "fts_status",
            f"Flow {row['id']} (line {row.line}): the status '{row['status']}' is not known; "
            "write paid, commitment or pledge.",
        )
        return None
    if plan is None or not amount:
        return None
    return Flow(row, plan, _clusters(work, row["destGlobalClusters"]), amount)


def _clusters(work: Reading, cell: str) -> tuple[str, ...]:
    """The clusters named in a cell. They are separated by commas, which may also stand inside a known name.

    Parts that are no known name are new clusters; FTS writes no blank after a separating comma, so a comma with a blank
    joins them.
    """
    parts = cell.split(",")
    found: dict[str, None] = {}
    position = 0
    while position < len(parts):
        for end in range(len(parts), position, -1):
            known = work.clusters.get(",".join(parts[position:end]).strip().casefold())
            if known is not None:
                found[known] = None
                position = end
                break
        else:
            end = position + 1
            while (
                end < len(parts) and parts[end].startswith(" ") and parts[end].strip().casefold() not in work.clusters
            ):
                end += 1
            name = ",".join(parts[position:end]).strip()
            if name.lower() not in UNSPECIFIED_NAMES:
                work.clusters[name.casefold()] = name
                found[name] = None
            position = end
    return tuple(sorted(found))


def warn_of_flows(work: Reading, flows: Sequence[Flow], zeros: Sequence[CsvRow]) -> None:
    """Tell what a coordinator should know of the flows before planning with them."""
    if zeros:
        ids = listed([row["id"] for row in zeros])
        work.warn("fts_zero", f"{count_flows(len(zeros))} without an amount (0 USD) left out: {ids}.")
    loose = [flow for flow in flows if not flow.clusters]
    if loose:
        use = (
            f"kept, earmarked to {NOT_SPECIFIED}, and not planned with; to let them serve every cluster of their plan, "
            "import with --unspecified-as-unearmarked"
        )
        if work.keeps_unspecified:
            use = "they may serve every cluster of their plan"
        total = sum(flow.amount for flow in loose)
        work.warn("fts_unspecified", f"{count_flows(len(loose))} of {total:,} USD name no single cluster: {use}.")
    in_kind = [flow.row["id"] for flow in flows if flow.is_in_kind]
    if in_kind:
        work.warn("fts_in_kind", f"{count_flows(len(in_kind))} in kind, counted at their value: {listed(in_kind)}.")
    passed = [flow.row["id"] for flow in flows if flow.row["flowType"].lower() in ("pass through", "parked")]
    if passed:
        work.warn(
            "fts_pass_through",
            f"{count_flows(len(passed))} parked or passing through, counted once, where the money comes in: "
            f"{listed(passed)}.",
        )
    repeated = [key for key, count in Counter(flow.row["id"] for flow in flows).items() if count > 1]
    if repeated:
        work.warn(
            "fts_split", f"{count_flows(len(repeated))} in several rows, each of them a pledge: {listed(repeated)}."
        )
    unknown = {flow.row["srcOrganizationTypes"] for flow in flows if organisation_type(flow.row) == OTHER_TYPE}
    if unknown - {"Other"}:
        types = listed(sorted(unknown - {"Other"}))
        work.warn("fts_type", f"Organisation types that are not known here became Other: {types}.", "Partners")


def organisation_type(row: CsvRow) -> str:
    """The IATI organisation type of a source; empty where FTS names none."""
    first = row["srcOrganizationTypes"].split(",")[0].strip()
    return ORGANISATION_TYPES.get(first.lower(), OTHER_TYPE) if first else ""
