package scan

// SetAside is a vulnerability that does not count, and why.
type SetAside struct {
	Vulnerability
	Why string `json:"why"`
}
