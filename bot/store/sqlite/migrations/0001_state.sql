-- Times are microseconds since 1970, in UTC.

CREATE TABLE digest (
	image      TEXT NOT NULL,
	digest     TEXT NOT NULL,
	first_seen INTEGER NOT NULL,
	last_seen  INTEGER NOT NULL,
	PRIMARY KEY (image, digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE repository (
	name    TEXT PRIMARY KEY,
	seen    INTEGER NOT NULL, -- when it was last looked at
	planned INTEGER,          -- when that last gave a plan
	error   TEXT NOT NULL     -- of the last look; empty when it went well
) STRICT, WITHOUT ROWID;

-- What became of each group of bumps that is not proposed.
CREATE TABLE held (
	repository TEXT NOT NULL REFERENCES repository (name) ON DELETE CASCADE,
	place      INTEGER NOT NULL, -- in the plan
	title      TEXT NOT NULL,
	action     TEXT NOT NULL,
	reason     TEXT NOT NULL,
	PRIMARY KEY (repository, place)
) STRICT, WITHOUT ROWID;

-- The references that stay.
CREATE TABLE unchanged (
	repository TEXT NOT NULL REFERENCES repository (name) ON DELETE CASCADE,
	place      INTEGER NOT NULL, -- in the plan, which is ordered by file and line
	image      TEXT NOT NULL,
	tag        TEXT NOT NULL,
	file       TEXT NOT NULL,
	line       INTEGER NOT NULL,
	reason     TEXT NOT NULL,
	failed     INTEGER NOT NULL,
	PRIMARY KEY (repository, place)
) STRICT, WITHOUT ROWID;

CREATE INDEX unchanged_failed ON unchanged (repository, place) WHERE failed;

CREATE TABLE proposal (
	repository TEXT NOT NULL REFERENCES repository (name) ON DELETE CASCADE,
	number     INTEGER NOT NULL,
	branch     TEXT NOT NULL,
	title      TEXT NOT NULL,
	url        TEXT NOT NULL,
	state      TEXT NOT NULL,
	key        TEXT NOT NULL,
	head       TEXT NOT NULL,
	base       TEXT NOT NULL,
	first      INTEGER NOT NULL,
	updated    INTEGER NOT NULL,
	PRIMARY KEY (repository, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX proposal_newest ON proposal (state = 'open', updated);

CREATE TABLE cycle (
	started      INTEGER NOT NULL,
	finished     INTEGER NOT NULL,
	repositories INTEGER NOT NULL,
	bumps        INTEGER NOT NULL,
	failures     INTEGER NOT NULL,
	requests     INTEGER NOT NULL,
	error        TEXT NOT NULL
) STRICT;

CREATE INDEX cycle_newest ON cycle (finished);

-- One report for each image, platform and scanner: that of the newest database.
CREATE TABLE report (
	digest   TEXT NOT NULL,
	platform TEXT NOT NULL,
	scanner  TEXT NOT NULL,
	version  TEXT NOT NULL,
	database INTEGER NOT NULL, -- when it was built
	saved    INTEGER NOT NULL,
	body     BLOB NOT NULL,    -- JSON, gzip
	PRIMARY KEY (digest, platform, scanner)
) STRICT;
