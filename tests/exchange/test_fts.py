"""FTS tables in: real exports proven to the cent, and every trap that insiders know in small invented tables."""

import csv
import dataclasses
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from planner.exchange import fts
from planner.exchange.addition import add_scenario
from planner.exchange.fts import FtsResult, read_fts
from planner.exchange.workbook import read_workbook, write_workbook
from planner.problems import EnvironmentProblem, Severity

FLOW_HEADER = (
    "date,budgetYear,description,amountUSD,srcOrganization,srcOrganizationTypes,srcLocations,destPlan,destPlanCode,"
    "destPlanId,destOrganization,destGlobalClusters,destLocations,contributionType,flowType,boundary,status,"
    "originalAmount,originalCurrency,exchangeRate,id"
).split(",")
NEED_HEADER = (
    "countryCode,id,name,code,startDate,endDate,year,clusterCode,cluster,requirements,funding,percentFunded"
).split(",")


def flow(number: str, amount: str, clusters: str, **cells: str) -> dict[str, str]:
    """An invented incoming flow to the plan 501 of Ostravia."""
    row = {
        "id": number,
        "amountUSD": amount,
        "destGlobalClusters": clusters,
        "srcOrganization": "Norland, Government of",
        "srcOrganizationTypes": "Government",
        "destPlanId": "501",
        "destPlanCode": "HOST27",
        "destLocations": "OST",
        "contributionType": "financial",
        "flowType": "Standard",
        "boundary": "incoming",
        "status": "paid",
    }
    return row | cells


def need(cluster: str, amount: str, **cells: str) -> dict[str, str]:
    """An invented requirement of the plan 501."""
    row = {
        "countryCode": "OST",
        "id": "501",
        "name": "Ostravia 2027",
        "code": "HOST27",
        "startDate": "2027-02-01",
        "year": "2027",
        "clusterCode": "7",
        "cluster": cluster,
        "requirements": amount,
    }
    return row | cells


def write_table(path: Path, header: list[str], rows: list[dict[str, str]], **options: str) -> Path:
    encoding, delimiter = options.get("encoding", "utf-8"), options.get("delimiter", ",")
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, header, delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def read(tmp_path: Path):
    """Reads invented flows and needs as FTS tables."""

    def read_tables(flows: list[dict[str, str]], needs: list[dict[str, str]], **options) -> FtsResult:
        unspecified = options.pop("unspecified_as_unearmarked", False)
        paths = [
            write_table(tmp_path / "flows.csv", FLOW_HEADER, flows, **options),
            write_table(tmp_path / "needs.csv", NEED_HEADER, needs, **options),
        ]
        return read_fts(paths, unspecified_as_unearmarked=unspecified)

    return read_tables


def errors(result: FtsResult) -> str:
    return " / ".join(problem.message for problem in result.problems if problem.severity is Severity.ERROR)


def warnings(result: FtsResult) -> str:
    return " / ".join(problem.message for problem in result.problems if problem.severity is Severity.WARNING)


# -- real exports


@pytest.mark.parametrize(("country", "plan", "flows"), [("pse", "832", 218), ("jor", "1010", 12)])
def test_that_real_exports_are_imported_to_the_cent(shared_data: Path, country: str, plan: str, flows: int) -> None:
    folder = shared_data / "field" / "fts"
    incoming = folder / f"fts_incoming_funding_{country}.csv"
    needs = folder / f"fts_requirements_funding_globalcluster_{country}.csv"
    with incoming.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["destPlanId"] == plan and Decimal(row["amountUSD"])]
    with needs.open(encoding="utf-8", newline="") as file:
        needed = {row["cluster"]: Decimal(row["requirements"]) for row in csv.DictReader(file) if row["requirements"]}

    result = read_fts([incoming, needs])

    assert not errors(result)
    scenario = result.scenario
    assert len(rows) == flows == len(scenario.pledges)
    names = {row.code: row.name for row in scenario.initiatives} | {"NOT-SPECIFIED": ""}
    donors = {row.code: row.name for row in scenario.partners}
    by_donor, by_status, by_cluster = (defaultdict(Decimal) for _ in range(3))
    for row in rows:
        by_donor[" ".join(row["srcOrganization"].split()) or "Not specified"] += Decimal(row["amountUSD"])
        by_status[row["status"]] += Decimal(row["amountUSD"])
        by_cluster[row["destGlobalClusters"]] += Decimal(row["amountUSD"])
    for pledge in scenario.pledges:
        by_donor[donors[pledge.partner]] -= Decimal(str(pledge.quantity))
        by_status[pledge.status] -= Decimal(str(pledge.quantity))
        by_cluster[",".join(sorted(names[code] for code in pledge.initiatives))] -= Decimal(str(pledge.quantity))
    for totals in (by_donor, by_status, by_cluster):
        assert set(totals.values()) == {Decimal(0)}
    assert {names[row.initiative]: Decimal(str(row.quantity)) for row in scenario.requirements} == needed
    assert result.sums.total == sum(Decimal(row["amountUSD"]) for row in rows)
    assert not result.sums.differences
    codes = [row.code for table, found in scenario.tables() for row in found if hasattr(row, "code")]
    assert max(map(len, codes)) <= 40


def test_that_every_other_real_table_is_refused_by_name(shared_data: Path) -> None:
    folder = shared_data / "field" / "fts"
    incoming = folder / "fts_incoming_funding_pse.csv"
    for other, said in (
        ("fts_requirements_funding_cluster_pse.csv", "the plan's own clusters (such as Education COVID-19)"),
        ("fts_requirements_funding_pse.csv", "requirements by plan, without clusters"),
        ("fts_requirements_funding_covid_pse.csv", "requirements by plan, without clusters"),
        ("fts_outgoing_funding_pse.csv", "The requirements are missing"),
    ):
        assert said in errors(read_fts([incoming, folder / other])), other
    needs = folder / "fts_requirements_funding_globalcluster_pse.csv"
    assert "No flow comes in from outside" in errors(read_fts([folder / "fts_internal_funding_pse.csv", needs]))


def test_that_a_flow_to_two_countries_counts_once(shared_data: Path) -> None:
    folder = shared_data / "field" / "fts"
    names = [f"fts_incoming_funding_{c}.csv" for c in ("pse", "jor")]
    names += [f"fts_requirements_funding_globalcluster_{c}.csv" for c in ("pse", "jor")]
    result = read_fts([folder / name for name in names])
    assert "2 rows stand in another file too" in warnings(result)
    assert result.sums.flows == 218 + 12
    assert {row.code for row in result.scenario.regions} == {"PSE", "JOR"}
    assert all(row.quantity for row in result.scenario.requirements)


# -- what a flow becomes


def test_that_a_flow_becomes_a_pledge_with_its_original_amount_as_a_note(read) -> None:
    given = {
        "originalAmount": "1000000",
        "originalCurrency": "NOK",
        "exchangeRate": "8.5",
        "destOrganization": "Aid Co",
    }
    result = read([flow("77", "117647.06", "Health", **given)], [need("Health", "500000.5")])
    assert not errors(result)
    (pledge,) = result.scenario.pledges
    assert (pledge.code, pledge.partner) == ("FTS-77", "Norland-Government")
    assert (pledge.quantity, pledge.currency) == (117647.06, "")
    assert (pledge.status, pledge.initiatives) == ("paid", ("Health",))
    assert pledge.note == "1000000 NOK at 8.5; for Aid Co"
    settings = result.scenario.settings
    assert (settings.title, str(settings.start)) == ("Ostravia 2027", "2027-02-01")
    assert (settings.period, settings.periods, settings.weighting) == ("year", 1, "requirement")
    assert result.scenario.requirements[0].quantity == 500000.5
    assert result.scenario.partners[0].type == "10"


def test_that_flows_without_an_amount_are_left_out_and_told(read) -> None:
    result = read([flow("1", "0", "Health"), flow("2", "", "Health"), flow("3", "5", "Health")], [need("Health", "9")])
    assert [pledge.code for pledge in result.scenario.pledges] == ["FTS-3"]
    assert "2 flows without an amount (0 USD) left out: 1, 2." in warnings(result)
    assert [(row.reason, row.flows) for row in result.sums.left_out] == [("without an amount", 2)]


def test_that_an_unnamed_source_stays_as_not_specified(read) -> None:
    result = read([flow("1", "5", "Health", srcOrganization="", srcOrganizationTypes="")], [need("Health", "9")])
    (partner,) = result.scenario.partners
    assert (partner.name, partner.type) == ("Not specified", "")


@pytest.mark.parametrize("cell", ["", "Not specified", "Multiple clusters/sectors (shared)"])
def test_that_money_without_a_cluster_is_kept_but_serves_no_plan(read, cell: str) -> None:
    rows = [flow("1", "5", cell), flow("2", "6", "Health")]
    result = read(rows, [need("Health", "9")])
    pledge = result.scenario.pledges[0]
    assert pledge.initiatives == ("NOT-SPECIFIED",)
    assert "NOT-SPECIFIED" in {row.code for row in result.scenario.initiatives}
    assert "NOT-SPECIFIED" not in {row.initiative for row in result.scenario.requirements}
    loose = next(line for line in result.sums.clusters if line.name == "Not specified")
    assert loose.in_files == loose.in_scenario == 5
    (told,) = [problem.message for problem in result.problems if problem.code == "fts_unspecified"]
    assert told.endswith("import with --unspecified-as-unearmarked.")


def test_that_money_without_a_cluster_is_unearmarked_where_asked(read) -> None:
    result = read([flow("1", "5", "")], [need("Health", "9")], unspecified_as_unearmarked=True)
    assert result.scenario.pledges[0].initiatives == ()
    assert [row.code for row in result.scenario.initiatives] == ["Health"]
    assert not errors(result)


def test_that_a_flow_to_several_clusters_is_earmarked_to_all_and_summed_as_a_combination(read) -> None:
    result = read([flow("1", "5", "Health,Education")], [need("Health", "9"), need("Education", "9", clusterCode="3")])
    assert result.scenario.pledges[0].initiatives == ("Education", "Health")
    assert [(line.name, line.in_scenario) for line in result.sums.clusters] == [("Education + Health", 5)]


def test_that_commas_inside_known_cluster_names_do_not_separate(read) -> None:
    clusters = "Housing, Land and Property,Health"
    needs = [need("Health", "9"), need("Water, Sanitation, Hygiene", "8", clusterCode="11")]
    rows = [
        flow("1", "5", clusters),
        flow("2", "4", "Water, Sanitation, Hygiene"),
        flow("3", "2", "Seeds, Tools,Health"),
    ]
    result = read(rows, needs)
    names = {row.code: row.name for row in result.scenario.initiatives}
    assert [sorted(names[code] for code in pledge.initiatives) for pledge in result.scenario.pledges] == [
        ["Health", "Housing, Land and Property"],
        ["Water, Sanitation, Hygiene"],
        ["Health", "Seeds, Tools"],
    ]
    assert not result.sums.differences


def test_that_a_cluster_with_flows_but_without_requirement_is_kept_and_told(read) -> None:
    result = read([flow("1", "5", "Mine Action"), flow("2", "1", "Health")], [need("Health", "9")])
    assert "Mine Action has flows (5 USD name it) but no requirement" in warnings(result)
    assert "Mine-Action" in {row.code for row in result.scenario.initiatives}


def test_that_one_flow_in_several_rows_gives_pledges_with_different_codes(read) -> None:
    rows = [flow("7", "5", "Health"), flow("7", "6", "Education"), flow("7-2", "1", "Health")]
    result = read(rows, [need("Health", "9")])
    assert [pledge.code for pledge in result.scenario.pledges] == ["FTS-7", "FTS-7-2", "FTS-7-2-2"]
    assert result.sums.total == 12


def test_that_flows_in_kind_are_marked(read) -> None:
    result = read([flow("1", "5", "Health", contributionType="in kind")], [need("Health", "9")])
    (pledge,) = result.scenario.pledges
    assert pledge.note.startswith("In kind")
    assert dict(pledge.extra)["fts_contribution"] == "in kind"
    assert "1 flow in kind" in warnings(result)


def test_that_money_passed_on_inside_is_not_counted_twice(read) -> None:
    rows = [flow("1", "5", "Health"), flow("2", "4", "Health", boundary="internal")]
    result = read(rows, [need("Health", "9")])
    assert result.sums.total == 5
    assert "1 flow of 4 USD left out: boundary is internal" in warnings(result)


def test_that_flows_of_other_plans_are_left_out_and_told(read) -> None:
    elsewhere = {"destPlanId": "9", "destPlanCode": "RX"}
    rows = [
        flow("1", "5", "Health"),
        flow("2", "4", "Health", **elsewhere),
        flow("3", "3", "", destPlanId="", destPlanCode=""),
    ]
    result = read(rows, [need("Health", "9")])
    assert result.sums.total == 5
    assert {(row.reason, row.amount) for row in result.sums.left_out} == {
        ("for another plan, RX", 4),
        ("for no plan", 3),
    }


def test_that_a_plan_is_found_by_its_code_where_the_flow_has_no_id(read) -> None:
    assert read([flow("1", "5", "Health", destPlanId="")], [need("Health", "9")]).sums.total == 5


def test_that_two_plans_keep_their_needs_and_money_apart(read) -> None:
    second = {"id": "777", "code": "RREF27", "name": "Refugee plan", "startDate": "2027-01-01"}
    to_second = {"destPlanId": "777", "destPlanCode": "RREF27"}
    rows = [flow("1", "5", "Health"), flow("2", "6", "Health", **to_second), flow("3", "7", "", **to_second)]
    needs = [need("Health", "9"), need("Health", "20", **second)]
    result = read(rows, needs, unspecified_as_unearmarked=True)
    assert not errors(result)
    assert {row.code: row.name for row in result.scenario.initiatives} == {
        "HOST27-Health": "Health (HOST27)",
        "RREF27-Health": "Health (RREF27)",
    }
    first, other, loose = result.scenario.pledges
    assert (first.initiatives, other.initiatives) == (("HOST27-Health",), ("RREF27-Health",))
    assert (loose.initiatives, loose.exclude_initiatives) == ((), ("HOST27-Health",))
    assert str(result.scenario.settings.start) == "2027-01-01"
    assert result.scenario.settings.title == "Ostravia 2027 + Refugee plan"


def test_that_money_stays_in_its_country_when_another_is_imported_later(read) -> None:
    first = read([flow("1", "100", "Health")], [need("Health", "50")])
    abroad = {"countryCode": "WES", "id": "502", "name": "Westria 2027", "code": "HWES27"}
    there = {"destPlanId": "502", "destPlanCode": "HWES27", "destLocations": "WES"}
    second = read([flow("2", "10", "Health", **there)], [need("Health", "50", **abroad)])
    both, _ = add_scenario(first.scenario, second.scenario)
    assert [(pledge.code, pledge.regions) for pledge in both.pledges] == [("FTS-1", ("OST",)), ("FTS-2", ("WES",))]


def test_that_a_second_import_of_the_same_tables_changes_nothing(read) -> None:
    flows = [flow("1", "100", "Health", description="Clinics"), flow("2", "5", "")]
    scenario = read(flows, [need("Health", "50")]).scenario
    again, counts = add_scenario(scenario, read(flows, [need("Health", "50")]).scenario)
    assert again == scenario
    assert {(count.added, count.updated) for count in counts.values()} == {(0, 0)}


def test_that_an_import_survives_the_workbook(read, tmp_path: Path) -> None:
    scenario = read([flow("1", "100", "Education", description="Clinics")], [need("Health", "50")]).scenario
    write_workbook(scenario, tmp_path / "out.xlsx")
    assert read_workbook(tmp_path / "out.xlsx").scenario == scenario


def test_that_codes_stay_the_same_whatever_else_is_imported(read) -> None:
    long = "International Association for the Advancement of Early Warning in Mountains"
    rows = [flow("1", "5", "Health", srcOrganization=name) for name in (long, "A.B. Fund", "A B Fund", "???")]
    alone = read(rows[:1], [need("Health", "9")]).scenario.partners
    together = read(rows[::-1], [need("Health", "9")]).scenario.partners
    codes = {row.name: row.code for row in together}
    assert codes[long] == alone[0].code
    assert codes[long].startswith("International-Association")
    assert len(set(codes.values())) == 4
    assert all(1 <= len(code) <= 40 for code in codes.values())


# -- files that are not as they should be


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_that_a_byte_order_mark_does_no_harm(read, encoding: str) -> None:
    result = read([flow("1", "5", "Health", srcOrganization="Fondation Été")], [need("Health", "9")], encoding=encoding)
    assert result.scenario.partners[0].name == "Fondation Été"
    assert not result.problems


def test_that_a_table_in_latin_1_is_read_and_told(read) -> None:
    result = read(
        [flow("1", "5", "Health", srcOrganization="Fondation Été")], [need("Health", "9")], encoding="latin-1"
    )
    assert result.scenario.partners[0].name == "Fondation Été"
    assert "flows.csv is not UTF-8" in warnings(result)


def test_that_blanks_quotes_and_line_breaks_in_cells_are_tidied(read) -> None:
    row = flow("1", "5", "Health\u00a0", srcOrganization='Fund\u00a0of "Two\r\nRivers", The ', description="a\n=1+1")
    result = read([row], [need(" Health", "9\u00a0")])
    assert not errors(result)
    assert result.scenario.partners[0].name == 'Fund of "Two Rivers", The'
    assert result.scenario.pledges[0].initiatives == ("Health",)


def test_that_a_row_of_tags_is_passed_over(read) -> None:
    tags = dict.fromkeys(FLOW_HEADER, "") | {"id": "#activity+id", "amountUSD": "#value"}
    need_tags = dict.fromkeys(NEED_HEADER, "") | {"cluster": "#sector"}
    assert read([tags, flow("1", "5", "Health")], [need_tags, need("Health", "9")]).sums.total == 5


def test_that_semicolons_between_columns_are_named(read) -> None:
    assert "flows.csv has semicolons between its columns" in errors(
        read([flow("1", "5", "Health")], [need("Health", "9")], delimiter=";")
    )


@pytest.mark.parametrize(
    ("amount", "advice"),
    [
        ("1694015,55", "a point as the decimal sign"),
        ("1,694,015", "without thousands separators"),
        ("1.69E+06", "write digits"),
        ("-5", "never negative"),
        ("1" + "0" * 20, "beyond any real amount"),
    ],
)
def test_that_an_amount_written_another_way_is_named_with_its_line(read, amount: str, advice: str) -> None:
    told = errors(read([flow("1", "5", "Health"), flow("2", amount, "Health")], [need("Health", "9")]))
    assert f"Flow 2 (line 3): amountUSD is '{amount}'" in told
    assert advice in told


def test_that_an_unknown_status_is_named(read) -> None:
    assert "Flow 1 (line 2): the status 'promised' is not known" in errors(
        read([flow("1", "5", "Health", status="promised")], [need("Health", "9")])
    )


def test_that_a_missing_column_is_named(tmp_path: Path) -> None:
    header = [name for name in FLOW_HEADER if name != "boundary"]
    rows = [{key: cell for key, cell in flow("1", "5", "Health").items() if key != "boundary"}]
    paths = [
        write_table(tmp_path / "flows.csv", header, rows),
        write_table(tmp_path / "needs.csv", NEED_HEADER, [need("Health", "9")]),
    ]
    assert "flows.csv looks like an FTS flow table without the column boundary" in errors(read_fts(paths))


def test_that_a_requirement_in_two_rows_is_refused(read) -> None:
    assert "stands in two rows (line 3 is the second)" in errors(
        read([flow("1", "5", "Health")], [need("Health", "9"), need("Health", "10")])
    )


def test_that_a_date_written_another_way_is_named(read) -> None:
    assert "startDate '01/02/2027' is not a date" in errors(
        read([flow("1", "5", "Health")], [need("Health", "9", startDate="01/02/2027")])
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04rest", "is a spreadsheet or an archive"),
        (b"a,b\n\x00,1\n", "holds bytes that no text has"),
        (b"name,colour\nx,y\n", "is not a table of FTS"),
        (b'id,amountUSD\n"never closed,1\n', "not valid CSV"),
        (b"id,amountUSD\n1,2,3\n", "line 2: the row has 3 cells under 2 columns"),
        (b"id,id\n1,2\n", "the column id stands twice"),
    ],
)
def test_that_other_files_are_refused_in_words(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "odd.csv"
    path.write_bytes(content)
    assert said in errors(read_fts([path]))


def test_that_a_missing_file_is_a_matter_of_the_surroundings(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="cannot be read"):
        read_fts([tmp_path / "nothing.csv"])


def test_that_the_sums_are_told_line_by_line(read) -> None:
    rows = [flow("1", "5.25", "Health"), flow("2", "4", "Health,Education", status="commitment")]
    lines = read(rows, [need("Health", "9")]).sums.lines()
    assert lines[0] == "2 flows, 9.25 USD, equal to the tables to the cent"
    assert any(line.split() == ["5.25", "paid", "(1", "flow)"] for line in lines)
    assert any(line.endswith("Education + Health (1 flow)") for line in lines)


def test_that_a_sum_that_differs_is_an_error(read, monkeypatch: pytest.MonkeyPatch) -> None:
    def lose_a_cent(*arguments):
        scenario = build(*arguments)
        first, *others = scenario.pledges
        changed = dataclasses.replace(first, quantity=first.quantity - 0.01)
        return dataclasses.replace(scenario, pledges=(changed, *others))

    build = fts.build_scenario
    monkeypatch.setattr(fts, "build_scenario", lose_a_cent)
    told = errors(read([flow("1", "5.25", "Health")], [need("Health", "9")]))
    assert "The sum of Norland, Government of is 5.24 USD in the scenario but 5.25 USD in the tables" in told
