-- What the resolver keeps of repositories' tags.
CREATE TABLE tag_list (
	image TEXT PRIMARY KEY,
	saved INTEGER NOT NULL,
	body  BLOB NOT NULL
) STRICT;
