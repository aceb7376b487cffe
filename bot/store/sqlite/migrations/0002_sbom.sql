-- Which bill of materials a report's packages were read from; empty for the image's layers.
ALTER TABLE report ADD COLUMN sbom TEXT NOT NULL DEFAULT '';
