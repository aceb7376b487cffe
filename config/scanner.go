package config

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Scanner is one scanner that basebump runs or calls.
type Scanner struct {
	Type      ScannerType   `yaml:"type" required:"true" doc:"Which scanner; command is any program that prints what it found."`
	Command   string        `yaml:"command" only:"grype,trivy,command" doc:"The program to run. Default: beside basebump, else on PATH; of type command: grype."`
	Format    ScannerFormat `yaml:"format" only:"command" doc:"How the program answers: Grype's own JSON, SARIF 2.1.0, or CycloneDX with vulnerabilities."`
	Args      []string      `yaml:"args" only:"command" doc:"Arguments of the program; {image}, {platform} and {registry} are filled in. Format grype has its own."`
	Env       []string      `yaml:"env" only:"command" doc:"The program's environment: NAME=VALUE, where {username}, {password} and {token} are the registry's, or NAME alone to pass on basebump's own."`
	ExitCodes []int         `yaml:"exit_codes" only:"command" min:"1" max:"255" doc:"Exit codes besides 0 that mean that it scanned: many programs have one for having found something."`
	DBURL     URL           `yaml:"db_url" only:"grype" doc:"Where the vulnerability database is published. Default: Grype's own."`
	DBDir     Path          `yaml:"db_dir" only:"grype,trivy,command" doc:"Use the database in this folder instead of downloading one; for Trivy, its cache folder."`
	MaxDBAge  Duration      `yaml:"max_db_age" doc:"Refuse to scan with an older database; 0s accepts any age. SARIF and CycloneDX do not tell it."`
	Server    URL           `yaml:"server" only:"trivy" doc:"A Trivy server to scan with."`
	Token     Secret        `yaml:"token" only:"trivy" secret:"the Trivy server's token" doc:"The Trivy server's token."`
	URL       URL           `yaml:"url" only:"clair" doc:"Clair's address."`
	Key       Secret        `yaml:"key" only:"clair" secret:"Clair's pre-shared key" doc:"Clair's pre-shared key (auth.psk.key), in base64."`
	Issuer    string        `yaml:"issuer" only:"clair" doc:"The issuer that Clair expects with its key (auth.psk.iss). Default: basebump."`
}

// envKey names the scanner in environment variables by its type: BASEBUMP_SCANNERS_TRIVY_TOKEN.
func (s Scanner) envKey() string { return string(s.Type) }

// ScannerType selects a scanner's adapter.
type ScannerType string

// The known scanners.
const (
	Grype   ScannerType = "grype"
	Trivy   ScannerType = "trivy"
	Clair   ScannerType = "clair"
	Command ScannerType = "command"
)

func (ScannerType) values() []string { return []string{"grype", "trivy", "clair", "command"} }

// ScannerFormat is how a program tells what it found.
type ScannerFormat string

// The formats that are read.
const (
	GrypeJSON ScannerFormat = "grype"
	SARIF     ScannerFormat = "sarif"
	CycloneDX ScannerFormat = "cyclonedx"
)

func (ScannerFormat) values() []string { return []string{"grype", "sarif", "cyclonedx"} }

// setDefaults fills in what a scanner's entry starts from.
func (s *Scanner) setDefaults() {
	s.MaxDBAge = Duration(5 * 24 * time.Hour) // Grype's own bound; every scanner's database is published daily at least
}

func defaultScanner(kind ScannerType) Scanner {
	scanner := Scanner{Type: kind}
	scanner.setDefaults()
	return scanner
}

func validateScanners(d *decoder, scanners []Scanner) {
	for i, scanner := range scanners {
		scanner.validate(d, fmt.Sprintf("scanners[%d]", i))
	}
	if len(scanners) == 0 {
		d.problemAt("scanners", "scanners: expected at least one; without a scanner no update is proposed")
	}
}

// validate refuses keys of another type of scanner, and wants those that a type cannot do without.
func (s Scanner) validate(d *decoder, path string) {
	for _, f := range fieldsOf(reflect.TypeFor[Scanner]()) {
		key := path + "." + f.key
		if _, given := d.at[key]; given && f.only != nil && !slices.Contains(f.only, string(s.Type)) {
			d.problemAt(key, fmt.Sprintf("%s: only for type %s, not for %s", key, oneOf(f.only), s.Type))
		}
	}
	missing := func(key string) { d.problemAt(path, fmt.Sprintf("%s: key %q is missing", path, key)) }
	switch {
	case s.Type == Clair && s.URL == "":
		missing("url")
	case s.Type == Command && s.Format == "":
		missing("format")
	case s.Type == Command:
		s.validateCommand(d, path, missing)
	}
}

func (s Scanner) validateCommand(d *decoder, path string, missing func(string)) {
	if s.Format == GrypeJSON {
		if len(s.Args) > 0 {
			d.problemAt(path+".args", path+".args: not for format grype, which has its own arguments")
		}
		return
	}
	if s.Command == "" {
		missing("command")
	}
	if len(s.Args) == 0 {
		missing("args")
	}
	for i, arg := range s.Args {
		for _, secret := range []string{"{username}", "{password}", "{token}"} {
			if at := fmt.Sprintf("%s.args[%d]", path, i); strings.Contains(arg, secret) {
				d.problemAt(at, fmt.Sprintf("%s: %s would be shown to everybody on the machine; give it under env", at, secret))
			}
		}
	}
	for _, key := range []string{"max_db_age", "db_dir"} {
		if _, given := d.at[path+"."+key]; given {
			d.problemAt(path+"."+key, fmt.Sprintf("%s.%s: only for format grype, not for %s", path, key, s.Format))
		}
	}
}
