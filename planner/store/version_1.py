"""Schema version 1 of the scenario file, frozen with its first release: later changes are a new version.

One table per table of the scenario. `position` is the order of the rows, `id` their identity that is never reused
(no index: readers check that it is unique, and the index would double the file). Lists are JSON text; `extra` is a JSON
list of [column, text]. Codes are not foreign keys: a scenario with wrong codes can be saved too.
"""

SCHEMA = """
CREATE TABLE states (
    position INTEGER PRIMARY KEY,  -- the saves this file descends from, oldest first
    id TEXT NOT NULL UNIQUE,
    saved_at TEXT NOT NULL,  -- ISO 8601 with offset
    program TEXT NOT NULL  -- version of Concord
) STRICT;

CREATE TABLE scenario (
    id TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL REFERENCES states (id)  -- the save that wrote this file
) STRICT;

CREATE TABLE settings (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    title TEXT NOT NULL,
    currency TEXT NOT NULL,
    start TEXT,  -- ISO 8601
    period TEXT NOT NULL,
    periods INTEGER NOT NULL,
    weighting TEXT NOT NULL,
    sensitivity TEXT NOT NULL,
    note TEXT NOT NULL,
    extra TEXT NOT NULL
) STRICT;

CREATE TABLE partners (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    local INTEGER NOT NULL CHECK (local IN (0, 1)),
    country TEXT NOT NULL,
    fair_share REAL,
    note TEXT NOT NULL,
    extra TEXT NOT NULL
) STRICT;

CREATE TABLE regions (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    country TEXT NOT NULL,
    severity REAL,
    people_in_need REAL,
    access REAL NOT NULL,
    languages TEXT NOT NULL,  -- list
    latitude REAL,
    longitude REAL,
    extra TEXT NOT NULL
) STRICT;

CREATE TABLE initiatives (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    strategy TEXT NOT NULL,
    dac_code TEXT NOT NULL,
    priority REAL NOT NULL,
    prerequisites TEXT NOT NULL,  -- list
    exclusive_group TEXT NOT NULL,
    together INTEGER NOT NULL CHECK (together IN (0, 1)),
    extra TEXT NOT NULL
) STRICT;

CREATE TABLE resources (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    category TEXT NOT NULL,
    unit TEXT NOT NULL,
    use TEXT NOT NULL,
    whole INTEGER CHECK (whole IN (0, 1)),
    unit_value REAL,
    extra TEXT NOT NULL
) STRICT;

CREATE TABLE pledges (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    code TEXT NOT NULL,
    partner TEXT NOT NULL,
    resource TEXT NOT NULL,
    quantity REAL NOT NULL,
    currency TEXT NOT NULL,
    rate REAL,
    overhead REAL NOT NULL,
    from_period INTEGER,
    to_period INTEGER,
    status TEXT NOT NULL,
    likelihood REAL NOT NULL,
    initiatives TEXT NOT NULL,  -- list
    regions TEXT NOT NULL,  -- list
    exclude_initiatives TEXT NOT NULL,  -- list
    exclude_regions TEXT NOT NULL,  -- list
    languages TEXT NOT NULL,  -- list
    agreement TEXT NOT NULL,
    mobilisation_cost REAL NOT NULL,
    note TEXT NOT NULL,
    extra TEXT NOT NULL
) STRICT;

CREATE TABLE requirements (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    initiative TEXT NOT NULL,
    region TEXT NOT NULL,
    resource TEXT NOT NULL,
    period INTEGER NOT NULL,
    quantity REAL NOT NULL,
    weight REAL NOT NULL,
    essential INTEGER NOT NULL CHECK (essential IN (0, 1)),
    extra TEXT NOT NULL
) STRICT;

CREATE TABLE activities (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    initiative TEXT NOT NULL,
    region TEXT NOT NULL,
    implementer TEXT NOT NULL,
    people REAL,
    min_share REAL NOT NULL,
    min_partners INTEGER NOT NULL,
    priority REAL,
    go TEXT NOT NULL,
    note TEXT NOT NULL,
    extra TEXT NOT NULL
) STRICT;

CREATE TABLE vetoes (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    partner TEXT NOT NULL,
    initiative TEXT NOT NULL,
    region TEXT NOT NULL,
    with_partner TEXT NOT NULL,
    implementer TEXT NOT NULL,
    reason TEXT NOT NULL,
    extra TEXT NOT NULL
) STRICT;

CREATE TABLE delivery_costs (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    partner TEXT NOT NULL,
    resource TEXT NOT NULL,
    region TEXT NOT NULL,
    cost_per_unit REAL,
    fixed_cost REAL,
    lead_periods INTEGER,
    extra TEXT NOT NULL
) STRICT;

CREATE TABLE exchange_rates (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    currency TEXT NOT NULL,
    rate REAL NOT NULL,
    date TEXT NOT NULL,
    extra TEXT NOT NULL
) STRICT;

CREATE TABLE rules (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    rule TEXT NOT NULL,
    value TEXT NOT NULL,
    scope TEXT NOT NULL,
    "on" INTEGER NOT NULL CHECK ("on" IN (0, 1)),
    extra TEXT NOT NULL
) STRICT;

CREATE TABLE objectives (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    "order" INTEGER NOT NULL,
    objective TEXT NOT NULL,
    tolerance REAL NOT NULL,
    extra TEXT NOT NULL
) STRICT;

CREATE TABLE baseline (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    pledge TEXT NOT NULL,
    initiative TEXT NOT NULL,
    region TEXT NOT NULL,
    resource TEXT NOT NULL,
    period INTEGER NOT NULL,
    quantity REAL NOT NULL,
    keep INTEGER NOT NULL CHECK (keep IN (0, 1)),
    extra TEXT NOT NULL
) STRICT;

CREATE TABLE plans (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    made_at TEXT NOT NULL,  -- ISO 8601 with offset
    fingerprint TEXT NOT NULL,  -- of the scenario it was made from
    json TEXT NOT NULL  -- the whole plan as result JSON; the columns before it repeat what people look for
) STRICT;
"""
