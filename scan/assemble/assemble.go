// Package assemble makes reports out of what scanners answer: it brings findings into a report's words and order, and refuses what
// cannot be trusted. It knows no scanner and performs no I/O.
package assemble

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
)

// Report puts findings about a target into the order of a report, without repetitions.
func Report(target scan.Target, found scan.Report) scan.Report {
	found.Image, found.Digest, found.Platform = target.Image, target.Digest, target.Platform
	found.DatabaseBuilt = found.DatabaseBuilt.UTC()
	slices.SortFunc(found.Packages, func(a, b scan.Package) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Version, b.Version))
	})
	found.Packages = slices.Compact(found.Packages)
	scan.Sort(found.Vulnerabilities)
	found.Vulnerabilities = slices.CompactFunc(found.Vulnerabilities, func(a, b scan.Vulnerability) bool {
		return a.ID == b.ID && a.Package == b.Package && a.Type == b.Type && a.Installed == b.Installed
	})
	if found.Packages == nil {
		found.Packages = []scan.Package{}
	}
	if found.Vulnerabilities == nil {
		found.Vulnerabilities = []scan.Vulnerability{}
	}
	return found
}

// Failed says of an error that a target could not be scanned. Its class and hint stay.
func Failed(target scan.Target, err error) error {
	return &fault.Error{Op: "scan", Target: target.Image + "@" + target.Digest, Class: fault.ClassOf(err), Err: err}
}

// Permanent is an error that the same image, scanner and database give again.
func Permanent(format string, args ...any) error {
	return &fault.Error{Class: fault.Permanent, Err: fmt.Errorf(format, args...)}
}

// system are the types of packages that a distribution is made of.
var system = []string{"alpm", "apk", "deb", "portage", "rpm"}

// IsSystem tells whether a package is of a distribution, and not of a programming language.
func IsSystem(p scan.Package) bool { return slices.Contains(system, p.Type) }

// Recognised refuses findings about an image of which the scanner did not know enough to find anything: without a distribution there are
// no advisories for its packages, and with the package database gone there are no packages.
func Recognised(found scan.Report) error {
	hasOS := found.OS != scan.OS{}
	hasSystem := slices.ContainsFunc(found.Packages, IsSystem)
	switch {
	case !hasOS && len(found.Packages) == 0:
		return Permanent("neither an operating system nor a package was recognised in the image")
	case !hasOS && hasSystem:
		return Permanent("the image has packages of a distribution, but it was not recognised which")
	case hasOS && !hasSystem:
		return Permanent("the image is %s, but no package of it was recognised", Describe(found.OS))
	}
	return nil
}

// Describe names an operating system for people.
func Describe(os scan.OS) string {
	if os.Name != "" {
		return os.Name
	}
	return fmt.Sprintf("%s %s", os.ID, os.Version)
}

// Fresh refuses a vulnerability database that was built longer ago than max, or at an unknown time; a max of 0 accepts all. The hint says
// what to do about it.
func Fresh(built time.Time, max time.Duration, now time.Time, hint string) error {
	switch age := now.Sub(built); {
	case max <= 0 || !built.IsZero() && age <= max:
		return nil
	case built.IsZero():
		return &fault.Error{Class: fault.Retry, Hint: hint, Err: errors.New("the vulnerability database does not say when it was built")}
	default:
		return &fault.Error{Class: fault.Retry, Hint: hint, Err: fmt.Errorf("the vulnerability database is %s old, built %s; max_db_age is %s",
			days(age), built.UTC().Format("2006-01-02 15:04 UTC"), days(max))}
	}
}

func days(d time.Duration) string {
	if n := int(d / (24 * time.Hour)); n > 1 {
		return fmt.Sprintf("%d days", n)
	}
	return d.Round(time.Minute).String()
}
