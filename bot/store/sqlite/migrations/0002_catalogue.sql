-- Which bill of materials a report's packages were read from; empty for the image's layers.
ALTER TABLE report ADD COLUMN sbom TEXT NOT NULL DEFAULT '';

-- What was read of an image's layers, by the newest cataloguer.
CREATE TABLE catalogue (
	digest     TEXT NOT NULL,
	platform   TEXT NOT NULL,
	cataloguer TEXT NOT NULL,
	used       INTEGER NOT NULL, -- when it was last of use
	body       BLOB NOT NULL,
	PRIMARY KEY (digest, platform)
) STRICT;
