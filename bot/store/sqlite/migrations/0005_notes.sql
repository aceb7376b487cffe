-- Our issues in each repository, as we left them.
CREATE TABLE note (
	repository TEXT NOT NULL,
	subject    TEXT NOT NULL,
	number     INTEGER NOT NULL, -- 0: there is none
	text       TEXT NOT NULL,    -- hash of title and body; empty: we have closed it
	PRIMARY KEY (repository, subject)
) STRICT, WITHOUT ROWID;
