package config

import (
	"fmt"
	"path/filepath"
	"strings"
	"unicode"
)

// validate checks what no single value shows.
func (c *Config) validate(d *decoder) {
	d.check("github", c.GitHub.validate)
	d.check("git", c.Git.validate)
	d.check("registries", func(d *decoder) { validateRegistries(d, c.Registries) })
	d.check("database", func(d *decoder) { validateDatabase(d, c.Database.Reveal()) })
	d.check("scanners", func(d *decoder) { validateScanners(d, c.Scanners) })
	d.check("policy", c.Policy.validate)
	d.check("pull_requests", func(d *decoder) {
		validateBranchPrefix(d, c.PullRequests.BranchPrefix)
		validateCommitPrefix(d, c.PullRequests.CommitPrefix)
	})
	d.check("limits", c.Limits.validate)
	d.check("patterns", func(d *decoder) { validateImagePatterns(d, c.Patterns) })
}

// check runs the checks between the values under one key, unless something is wrong with a value: they would only repeat that.
func (d *decoder) check(key string, checks func(*decoder)) {
	if !d.broken[key] {
		checks(d)
	}
}

func (g GitHub) validate(d *decoder) {
	switch {
	case g.IsApp() && !g.Token.IsZero():
		d.problemAt("github.app_id", "github: give an App or a token, not both")
	case g.IsApp() && g.PrivateKey.IsZero():
		d.problemAt("github.app_id", "github.app_id: the App's private key is missing; give private_key_file or BASEBUMP_GITHUB_PRIVATE_KEY")
	case !g.IsApp() && !g.PrivateKey.IsZero():
		d.problemAt("github.private_key", "github.private_key: the App's id is missing; give app_id")
	}
}

func validateRegistries(d *decoder, registries []Registry) {
	hosts, variables := map[Host]bool{}, map[string]Host{}
	for i, registry := range registries {
		path := fmt.Sprintf("registries[%d]", i)
		variable := envName(string(registry.Host))
		switch other, taken := variables[variable]; {
		case hosts[registry.Host]:
			d.problemAt(path+".host", fmt.Sprintf("%s.host: %s is given twice", path, registry.Host))
		case taken && d.env != nil && d.env("BASEBUMP_REGISTRIES_"+variable+"_PASSWORD") != "":
			d.problemAt(path+".host", fmt.Sprintf("%s.host: BASEBUMP_REGISTRIES_%s_PASSWORD would go to %s and to %s; give password_file",
				path, variable, other, registry.Host))
		case registry.Username != "" && registry.Password.IsZero():
			d.problemAt(path+".username", fmt.Sprintf("%s.username: the password is missing; give password_file or BASEBUMP_REGISTRIES_%s_PASSWORD",
				path, variable))
		case registry.Username == "" && !registry.Password.IsZero():
			d.problemAt(path+".host", path+": a password without a user name; give username")
		}
		hosts[registry.Host], variables[variable] = true, registry.Host
	}
}

func (p Policy) validate(d *decoder) {
	validateIgnores(d, "policy.ignore", p.Ignore)
	for i, signature := range p.RequireSignature {
		signature.validate(d, fmt.Sprintf("policy.require_signature[%d]", i), p.TrustRoot)
	}
	for i, pattern := range p.VEX {
		if _, err := filepath.Match(string(pattern), ""); err != nil {
			at := fmt.Sprintf("policy.vex[%d]", i)
			d.problemAt(at, at+": expected a file or a pattern such as vex/*.json")
		}
	}
	if p.SBOM == SBOMSigned && len(p.RequireSignature) == 0 { // better than to let people believe in what nothing does
		d.problemAt("policy.sbom", "policy.sbom: signed by whom? give policy.require_signature")
	}
}

func (s Signature) validate(d *decoder, path string, trustRoot Path) {
	keyless := s.Identity != "" || s.Issuer != ""
	switch {
	case s.Key != "" && keyless:
		d.problemAt(path, path+": give a key, or identity and issuer, not both")
	case s.Key == "" && (s.Identity == "" || s.Issuer == ""):
		d.problemAt(path, path+": give a key, or identity and issuer")
	case keyless && trustRoot == "":
		d.problemAt(path, path+": keyless signatures are verified with a trusted root; give policy.trust_root, a copy of Sigstore's trusted_root.json")
	}
}

func validateIgnores(d *decoder, path string, ignores []Ignore) {
	for i, ignore := range ignores {
		if ignore.ID == "" && ignore.Image == "" {
			at := fmt.Sprintf("%s[%d]", path, i)
			d.problemAt(at, at+": key \"id\" or \"image\" is missing")
		}
	}
}

// validateBranchPrefix refuses what Git refuses in a branch's name, as far as a prefix shows it.
func validateBranchPrefix(d *decoder, prefix string) {
	bad := strings.ContainsAny(prefix, " ~^:?*[\\\x7f") || strings.ContainsFunc(prefix, func(r rune) bool { return r < ' ' }) ||
		strings.Contains(prefix, "..") || strings.Contains(prefix, "//") || strings.Contains(prefix, "@{") ||
		strings.HasPrefix(prefix, "/") || strings.HasPrefix(prefix, "-") || strings.HasPrefix(prefix, ".") || strings.Contains(prefix, "/.")
	if prefix == "" || bad {
		d.problemAt("pull_requests.branch_prefix", "pull_requests.branch_prefix: expected the start of a branch's name such as basebump/, got "+quote(prefix))
	}
}

// maxCommitPrefix keeps the beginning of a title from being all of it.
const maxCommitPrefix = 50

func validateCommitPrefix(d *decoder, prefix string) {
	unprintable := strings.ContainsFunc(prefix, func(r rune) bool { return !unicode.IsPrint(r) })
	if unprintable || len(prefix) > maxCommitPrefix {
		d.problemAt("pull_requests.commit_prefix", fmt.Sprintf("pull_requests.commit_prefix: expected one line of at most %d bytes, got %s", maxCommitPrefix, quote(prefix)))
	}
}

// validateDatabase does not show the address, which may hold a password.
func validateDatabase(d *decoder, address string) {
	file, isSQLite := strings.CutPrefix(address, "sqlite:")
	if isSQLite && file != "" || strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://") {
		return
	}
	d.problemAt("database", "database: expected sqlite:FILE or postgres://…")
}

func (l Limits) validate(d *decoder) {
	if l.ScanMemory < 64<<20 {
		d.problemAt("limits.scan_memory", "limits.scan_memory: expected at least 64MiB, got "+l.ScanMemory.String())
	}
	if l.ScanTimeout == 0 {
		d.problemAt("limits.scan_timeout", "limits.scan_timeout: expected more than no time")
	}
}
