package scan

// EndOfLife says what becomes of a candidate whose operating system is past its end of life.
type EndOfLife string

const (
	Stay   EndOfLife = "stay"   // refused, unless today's image is past it, too: a newer build of an old release is better than an older one
	Refuse EndOfLife = "refuse" // refused
)

func isSupported(p Policy, e Evidence) (bool, string) {
	switch {
	case e.Ended == "":
		return true, ""
	case p.EndOfLife == Refuse:
		return false, e.Ended + " (policy.end_of_life is refuse)"
	case !e.EndedBefore:
		return false, "would move to what is no longer kept: " + e.Ended
	}
	return true, "" // told as a finding, whether it moves or not
}
