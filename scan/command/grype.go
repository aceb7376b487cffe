package command

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/assemble"
	"github.com/basebump/basebump/scan/canary"
)

// packagesFile is where Grype lists all packages; its own JSON has those alone in which it found something.
const packagesFile = "packages.json"

const updateGrype = "run `grype db update`, or raise `max_db_age`"

// prepareGrype fills in how Grype is run: without a look for newer programs, with the database where Grype keeps it for this user, of
// which we judge the age ourselves.
func prepareGrype(o *Options) {
	o.Command = cmp.Or(o.Command, "grype")
	o.Args = []string{"registry:{image}", "--platform={platform}", "--quiet", "--output=json", "--output=cyclonedx-json=" + packagesFile}
	env := map[string]string{
		"GRYPE_CHECK_FOR_APP_UPDATE":       "false",
		"GRYPE_DB_VALIDATE_AGE":            "false",
		"GRYPE_DB_CACHE_DIR":               o.DBDir,
		"GRYPE_REGISTRY_INSECURE_USE_HTTP": "{insecure}",
		"GRYPE_REGISTRY_AUTH_AUTHORITY":    "{registry}",
		"GRYPE_REGISTRY_AUTH_USERNAME":     "{username}",
		"GRYPE_REGISTRY_AUTH_PASSWORD":     "{password}",
		"GRYPE_REGISTRY_AUTH_TOKEN":        "{token}",
	}
	if o.DBDir != "" {
		env["GRYPE_DB_AUTO_UPDATE"] = "false"
	} else if cache, err := os.UserCacheDir(); err == nil {
		env["GRYPE_DB_CACHE_DIR"] = filepath.Join(cache, "grype", "db")
	}
	for name, value := range o.Env {
		env[name] = value
	}
	o.Env = env
}

// grypeDocument is what this package reads of Grype's JSON.
type grypeDocument struct {
	Matches *[]grypeMatch `json:"matches"`
	Distro  struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	} `json:"distro"`
	Descriptor struct {
		Name    string `json:"name"`
		Version string `json:"version"`
		DB      struct {
			Status struct {
				Built time.Time `json:"built"`
				Error string    `json:"error"`
			} `json:"status"`
		} `json:"db"`
	} `json:"descriptor"`
}

type grypeMatch struct {
	Vulnerability struct {
		ID         string `json:"id"`
		DataSource string `json:"dataSource"`
		Namespace  string `json:"namespace"`
		Severity   string `json:"severity"`
		CVSS       []struct {
			Metrics struct {
				BaseScore float64 `json:"baseScore"`
			} `json:"metrics"`
		} `json:"cvss"`
		EPSS []struct {
			EPSS float64 `json:"epss"`
		} `json:"epss"`
		KnownExploited []json.RawMessage `json:"knownExploited"`
		Fix            struct {
			Versions []string `json:"versions"`
			State    string   `json:"state"`
		} `json:"fix"`
	} `json:"vulnerability"`
	Related []struct {
		ID string `json:"id"`
	} `json:"relatedVulnerabilities"`
	Artifact struct {
		Name    string `json:"name"`
		Version string `json:"version"`
		Type    string `json:"type"`
	} `json:"artifact"`
}

func readGrype(ctx context.Context, r *run, answer []byte) (scan.Report, error) {
	document, err := decodeGrype(answer)
	if err != nil {
		return scan.Report{}, err
	}
	o, database := r.scanner.options, document.Descriptor.DB.Status
	if err := assemble.Fresh(database.Built, o.MaxDBAge, o.Now(), updateGrype); err != nil {
		return scan.Report{}, err
	}
	found, sample, err := r.packages()
	if err != nil {
		return scan.Report{}, err
	}
	if err := assemble.Recognised(found); err != nil {
		return scan.Report{}, err
	}
	found.Scanner, found.DatabaseBuilt = scan.Tool{Name: document.Descriptor.Name, Version: document.Descriptor.Version}, database.Built
	for _, m := range *document.Matches {
		found.Vulnerabilities = append(found.Vulnerabilities, m.read()...)
	}
	if sample == "" || slices.ContainsFunc(*document.Matches, grypeMatch.isOfDistribution) {
		return found, nil
	}
	return found, r.ask(ctx, scan.OS{ID: document.Distro.Name, Version: document.Distro.Version, Name: found.OS.Name}, sample)
}

func decodeGrype(answer []byte) (*grypeDocument, error) {
	document := &grypeDocument{}
	if err := json.Unmarshal(answer, document); err != nil {
		return nil, assemble.Permanent("decode Grype's answer: %w", err)
	}
	if document.Matches == nil {
		return nil, assemble.Permanent("decode Grype's answer: it has no matches, not even an empty list of them")
	}
	if problem := document.Descriptor.DB.Status.Error; problem != "" {
		return nil, &fault.Error{Class: fault.Retry, Err: errors.New("Grype's database is not usable: " + problem), Hint: updateGrype}
	}
	return document, nil
}

// packages returns what Grype listed beside its answer, and the package URL of one package of the image's distribution.
func (r *run) packages() (found scan.Report, sample string, err error) {
	data, err := r.folder.Read(packagesFile, maxAnswer)
	if err != nil {
		return scan.Report{}, "", assemble.Permanent("%w", err)
	}
	bom, err := decodeBOM(data)
	if err != nil {
		return scan.Report{}, "", err
	}
	for _, component := range components(bom) {
		if p, ok := packageOf(component); ok && assemble.IsSystem(p) {
			sample = component.PackageURL
		}
	}
	return inventory(bom), sample, nil
}

// ask has Grype look at packages in which a database that covers the distribution finds something.
func (r *run) ask(ctx context.Context, distribution scan.OS, sample string) error {
	bill, err := canary.Bill(distribution, sample)
	if err != nil {
		return err
	}
	file := r.folder.Path("canary.json")
	if err := os.WriteFile(file, bill, 0o600); err != nil {
		return err
	}
	answer, err := r.do(ctx, []string{"sbom:" + file, "--quiet", "--output=json"})
	if err != nil {
		return err
	}
	document, err := decodeGrype(answer)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(*document.Matches, grypeMatch.isOfDistribution) {
		return assemble.Permanent("the vulnerability database has no data for %s", assemble.Describe(distribution))
	}
	return nil
}

// isOfDistribution tells whether the advisory is a distribution's, and not one of a programming language's package index.
func (m grypeMatch) isOfDistribution() bool {
	return strings.Contains(m.Vulnerability.Namespace, ":distro:")
}

func (m grypeMatch) read() []scan.Vulnerability {
	v := m.Vulnerability
	one := scan.Vulnerability{Package: m.Artifact.Name, Type: m.Artifact.Type, Installed: m.Artifact.Version, URL: v.DataSource}
	one.Severity, _ = scan.ParseSeverity(v.Severity) // what has no name is unknown
	if v.Fix.State == "fixed" {
		one.FixedIn = strings.Join(v.Fix.Versions, ", ")
	}
	for _, c := range v.CVSS {
		one.CVSS = max(one.CVSS, c.Metrics.BaseScore)
	}
	for _, e := range v.EPSS {
		one.EPSS = max(one.EPSS, e.EPSS)
	}
	one.KnownExploited = len(v.KnownExploited) > 0
	var related []string
	for _, other := range m.Related {
		related = append(related, other.ID)
	}
	ids, aliases := assemble.Identify(v.ID, related...)
	one.Aliases = aliases
	var each []scan.Vulnerability
	for _, id := range ids {
		one.ID = id
		each = append(each, one)
	}
	return each
}
