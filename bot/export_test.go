package bot

// CheckOf is checkOf.
var CheckOf = checkOf

// What makes foreign text plain.
var (
	Escape      = escape
	Code        = code
	WebAddress  = webAddress
	CompareLink = compareLink
)
