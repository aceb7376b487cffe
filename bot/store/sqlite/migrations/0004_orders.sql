-- What people told us by commands and by ticking boxes. Repositories that no cycle has seen have some, too.
CREATE TABLE orders (
	repository TEXT NOT NULL,
	branch     TEXT NOT NULL,
	kind       TEXT NOT NULL,
	number     INTEGER NOT NULL,
	until      INTEGER,          -- the last day, in UTC; NULL: for ever
	reason     TEXT NOT NULL,
	person     TEXT NOT NULL,
	asked      INTEGER NOT NULL,
	comment    INTEGER NOT NULL,
	PRIMARY KEY (repository, branch, kind)
) STRICT, WITHOUT ROWID;

-- Up to when what people wrote below a proposal was read.
CREATE TABLE listened (
	repository TEXT NOT NULL,
	number     INTEGER NOT NULL,
	upto       INTEGER NOT NULL,
	PRIMARY KEY (repository, number)
) STRICT, WITHOUT ROWID;
