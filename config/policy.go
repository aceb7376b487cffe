package config

import "slices"

// Policy says which updates are proposed. Its ordered settings go from narrow to wide; see Repository.Narrow.
type Policy struct {
	Update           Update       `yaml:"update" doc:"How far a tag may move; digest: never, only to a newer build of the same tag."`
	Distribution     Distribution `yaml:"distribution" doc:"Whether a tag may move to another release of the distribution in its name (bookworm to trixie)."`
	Pin              bool         `yaml:"pin" doc:"Give references without a digest one."`
	When             When         `yaml:"when" doc:"vulnerable: propose only what fixes something; always: any newer image."`
	MinAge           Duration     `yaml:"min_age" doc:"How old an image must be; without a date, from when it was first seen. Waived when it fixes something urgent: a vulnerability that is known to be exploited, or one at or above urgent or urgent_epss."`
	Urgent           Severity     `yaml:"urgent" doc:"From which severity a fix is not held back by min_age."`
	UrgentEPSS       Share        `yaml:"urgent_epss" doc:"From which probability of being exploited within 30 days (EPSS), where the scanner knows it, a fix is not held back by min_age; 0: from none."`
	BlockIntroduced  Severity     `yaml:"block_introduced" doc:"Refuse what introduces a vulnerability of this severity or above."`
	MaxSeverity      Severity     `yaml:"max_severity" doc:"Refuse an image that holds a vulnerability of this severity or above at all, even if today's holds it too and nobody has fixed it. Ignored ones and those set aside by VEX do not count. Default: anything may remain."`
	MaxGrowth        Growth       `yaml:"max_growth" doc:"Refuse an image that is larger than today's by more than this, in percent (20%) or bytes (50MiB), compressed, on its first platform. Default: any size."`
	EndOfLife        EndOfLife    `yaml:"end_of_life" doc:"stay: refuse a move onto an operating system that is past its end of life; who is on one already gets its last builds. refuse: refuse every image on such a system."`
	Agreement        Agreement    `yaml:"agreement" doc:"Whose verdict counts among several scanners. all: every scanner must accept, and one that could not scan is waited for; first: that of the first in the list, the others' are shown; any: one scanner that accepts is enough."`
	RequireSignature []Signature  `yaml:"require_signature" doc:"Refuse images that are not signed by one of these; per image pattern."`
	KeepSignature    bool         `yaml:"keep_signature" doc:"Where no signature is required: refuse an image without the signature that today's image carries."`
	TrustRoot        Path         `yaml:"trust_root" doc:"Whom to trust with keyless certificates: a copy of Sigstore's trusted_root.json, which you keep up to date; nothing is fetched."`
	SBOM             SBOM         `yaml:"sbom" doc:"Read packages from a bill of materials that came with an image, instead of its layers. signed: only from one that is signed as require_signature says; attached: also from one that BuildKit put beside the image, unsigned."`
	Ignore           []Ignore     `yaml:"ignore" doc:"Vulnerabilities that do not count, and images to leave alone."`
	VEX              []Path       `yaml:"vex" doc:"OpenVEX documents: file patterns, relative to this file, read when the program starts. A vulnerability that one of them calls not affected or fixed, for this image, does not count."`
}

// Update bounds how far a tag may move.
type Update string

// From narrow to wide.
const (
	UpdateDigest Update = "digest"
	UpdatePatch  Update = "patch"
	UpdateMinor  Update = "minor"
	UpdateMajor  Update = "major"
)

func (Update) values() []string { return []string{"digest", "patch", "minor", "major"} }

// Allows reports whether a move of the given kind is within the bound.
func (u Update) Allows(move Update) bool { return rank(move) <= rank(u) }

// Distribution says whether a tag's distribution may change.
type Distribution string

// From narrow to wide.
const (
	DistributionKeep   Distribution = "keep"
	DistributionFollow Distribution = "follow"
)

func (Distribution) values() []string { return []string{"keep", "follow"} }

// When says what makes a newer image worth proposing.
type When string

// From narrow to wide.
const (
	WhenVulnerable When = "vulnerable"
	WhenAlways     When = "always"
)

func (When) values() []string { return []string{"vulnerable", "always"} }

// EndOfLife says what becomes of images whose operating system is no longer kept.
type EndOfLife string

// From narrow to wide.
const (
	EndOfLifeRefuse EndOfLife = "refuse"
	EndOfLifeStay   EndOfLife = "stay"
)

func (EndOfLife) values() []string { return []string{"refuse", "stay"} }

// Agreement says whose verdict counts among several scanners.
type Agreement string

// From narrow to wide: whatever all accept, the first accepts; whatever the first accepts, one accepts.
const (
	AgreementAll   Agreement = "all"
	AgreementFirst Agreement = "first"
	AgreementAny   Agreement = "any"
)

func (Agreement) values() []string { return []string{"all", "first", "any"} }

// Severity is the lower-case name of a severity, one that scan.ParseSeverity knows.
type Severity string

// From harmless to worst.
const (
	SeverityUnknown    Severity = "unknown"
	SeverityNegligible Severity = "negligible"
	SeverityLow        Severity = "low"
	SeverityMedium     Severity = "medium"
	SeverityHigh       Severity = "high"
	SeverityCritical   Severity = "critical"
)

func (Severity) values() []string {
	return []string{"unknown", "negligible", "low", "medium", "high", "critical"}
}

// SBOM says from whom a bill of materials is taken instead of an image's own files.
type SBOM string

// From narrow to wide.
const (
	SBOMNever    SBOM = "never"
	SBOMSigned   SBOM = "signed"
	SBOMAttached SBOM = "attached"
)

func (SBOM) values() []string { return []string{"never", "signed", "attached"} }

// Signature is a signature that images must carry: made with a key, or by an identity that a keyless certificate names. Of several whose
// pattern matches an image, one has to be there.
type Signature struct {
	Image    Pattern `yaml:"image" required:"true" doc:"Which images: a pattern over the canonical repository, such as ghcr.io/acme/*"`
	Key      Path    `yaml:"key" doc:"Public key file (PEM): ECDSA, Ed25519 or RSA."`
	Identity Pattern `yaml:"identity" doc:"Subject of the keyless certificate, or a pattern over it, such as https://github.com/acme/**; with issuer."`
	Issuer   URL     `yaml:"issuer" doc:"OpenID issuer of the keyless certificate, exactly; with identity."`
}

// Ignore sets aside a vulnerability (ID), an image (Image), or a vulnerability in some images (both).
type Ignore struct {
	ID     string  `yaml:"id" doc:"The vulnerability: CVE-2024-0001, or an advisory's own id."`
	Image  Pattern `yaml:"image" doc:"The images: a pattern over the canonical repository, such as docker.io/library/*"`
	Until  Date    `yaml:"until" doc:"The last day on which this holds, in UTC. Default: for ever."`
	Reason string  `yaml:"reason" doc:"Why; shown where the setting has an effect."`
}

// enum is a string type with a closed set of values; where it is ordered, from narrow or harmless to wide or worst.
type enum interface{ values() []string }

type enumString interface {
	~string
	enum
}

// rank is the place of a value in its type's order; -1 for the empty one.
func rank[E enumString](value E) int { return slices.Index(value.values(), string(value)) }

// narrowest returns the lower-ranked of two, where an empty one leaves the other.
func narrowest[E enumString](a, b E) E {
	if b != "" && (a == "" || rank(b) < rank(a)) {
		return b
	}
	return a
}
