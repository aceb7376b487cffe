package dockerfile

// Move asks for a reference to be given another tag and digest. An empty Tag keeps the tag; an empty Digest leaves the digest out
// of a reference that has none and is an error for one that has.
type Move struct {
	Reference Reference
	Tag       string
	Digest    string
}

// Edit replaces file[Start:End], which must equal Old, by New.
type Edit struct {
	Span
	Old, New string
}
