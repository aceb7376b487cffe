package command

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/CycloneDX/cyclonedx-go"
	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/assemble"
)

func decodeBOM(data []byte) (*cyclonedx.BOM, error) {
	bom := &cyclonedx.BOM{}
	if err := cyclonedx.NewBOMDecoder(bytes.NewReader(data), cyclonedx.BOMFileFormatJSON).Decode(bom); err != nil {
		return nil, assemble.Permanent("decode CycloneDX: %w", err)
	}
	if bom.BOMFormat != "CycloneDX" {
		return nil, assemble.Permanent("decode CycloneDX: its bomFormat is %q", bom.BOMFormat)
	}
	return bom, nil
}

// inventory returns the operating system and the packages in a bill of materials.
func inventory(bom *cyclonedx.BOM) scan.Report {
	var found scan.Report
	for _, component := range components(bom) {
		if component.Type == cyclonedx.ComponentTypeOS {
			found.OS = scan.OS{
				ID: component.Name, Version: component.Version, Name: cmp.Or(component.Description, component.Name+" "+component.Version),
			}
			continue
		}
		if p, ok := packageOf(component); ok {
			found.Packages = append(found.Packages, p)
		}
	}
	return found
}

// components returns all components, those within others too.
func components(bom *cyclonedx.BOM) []cyclonedx.Component {
	var all []cyclonedx.Component
	var walk func(*[]cyclonedx.Component)
	walk = func(list *[]cyclonedx.Component) {
		if list == nil {
			return
		}
		for _, component := range *list {
			all = append(all, component)
			walk(component.Components)
		}
	}
	walk(bom.Components)
	return all
}

func packageOf(component cyclonedx.Component) (scan.Package, bool) {
	p, ok := assemble.Package(component.PackageURL)
	if !ok {
		return scan.Package{}, false
	}
	p.Version = component.Version // a distribution's may have more parts than the package URL
	if strings.HasPrefix(property(component.Properties, "syft:package:metadataType"), "elf-") {
		p.Type = "binary" // what a program says of itself, not what the distribution's package database has
	}
	if source := property(component.Properties, "aquasecurity:trivy:SrcName"); source != p.Name {
		p.Source = cmp.Or(p.Source, source)
	}
	return p, true
}

func toolOf(bom *cyclonedx.BOM) scan.Tool {
	if bom.Metadata == nil || bom.Metadata.Tools == nil {
		return scan.Tool{}
	}
	if list := bom.Metadata.Tools.Components; list != nil && len(*list) > 0 {
		return scan.Tool{Name: strings.ToLower((*list)[0].Name), Version: (*list)[0].Version}
	}
	if list := bom.Metadata.Tools.Tools; list != nil && len(*list) > 0 {
		return scan.Tool{Name: strings.ToLower((*list)[0].Name), Version: (*list)[0].Version}
	}
	return scan.Tool{}
}

// vulnerabilities returns those of which the bill does not say that they do not apply.
func vulnerabilities(bom *cyclonedx.BOM) ([]scan.Vulnerability, error) {
	byRef := map[string]cyclonedx.Component{}
	for _, component := range components(bom) {
		byRef[component.BOMRef] = component
	}
	var found []scan.Vulnerability
	for _, v := range *bom.Vulnerabilities {
		if v.Affects == nil || dismissed(v) {
			continue
		}
		one := describe(v)
		ids, aliases := assemble.Identify(v.ID, references(v)...)
		one.Aliases = aliases
		for _, affected := range *v.Affects {
			component, ok := byRef[affected.Ref]
			if !ok {
				return nil, assemble.Permanent("decode CycloneDX: %s affects %q, which is no component", v.ID, affected.Ref)
			}
			p, ok := packageOf(component)
			if !ok {
				p = scan.Package{Name: component.Name, Version: component.Version}
			}
			one.Package, one.Type, one.Installed, one.FixedIn = p.Name, p.Type, p.Version, fixed(v, affected, p.Name)
			for _, id := range ids {
				one.ID = id
				found = append(found, one)
			}
		}
	}
	return found, nil
}

func dismissed(v cyclonedx.Vulnerability) bool {
	return v.Analysis != nil && slices.Contains([]cyclonedx.ImpactAnalysisState{
		cyclonedx.IASNotAffected, cyclonedx.IASFalsePositive, cyclonedx.IASResolved, cyclonedx.IASResolvedWithPedigree,
	}, v.Analysis.State)
}

func references(v cyclonedx.Vulnerability) []string {
	var ids []string
	if v.References != nil {
		for _, r := range *v.References {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// fixed is the version of a package with the fix: where the range begins that is not affected, as Grype has it, or what Trivy recommends.
func fixed(v cyclonedx.Vulnerability, in cyclonedx.Affects, name string) string {
	var versions []string
	if in.Range != nil {
		for _, r := range *in.Range {
			_, version, ok := strings.Cut(r.Range, "/>=")
			if ok && r.Status == cyclonedx.VulnerabilityStatusNotAffected && !strings.Contains(version, "|") {
				versions = append(versions, version)
			}
		}
	}
	for advice := range strings.SplitSeq(v.Recommendation, "; ") {
		if version, ok := strings.CutPrefix(advice, "Upgrade "+name+" to version "); ok {
			versions = append(versions, version)
		}
	}
	return strings.Join(versions, ", ")
}

// describe reads ratings. That of the source of the advisory is the vendor's; where none is named so, the first with a severity counts.
func describe(v cyclonedx.Vulnerability) scan.Vulnerability {
	var one scan.Vulnerability
	if v.Source != nil {
		one.URL = v.Source.URL
	}
	if v.Ratings == nil {
		return one
	}
	for _, rating := range *v.Ratings {
		switch by := sourceOf(rating.Source); {
		case rating.Method == "EPSS" && rating.Score != nil:
			one.EPSS = *rating.Score
			continue
		case strings.Contains(by, "KEV"):
			one.KnownExploited = true
			continue
		case v.Source != nil && by != "" && by == v.Source.Name || one.Severity == scan.Unknown:
			one.Severity = severity(rating.Severity)
		}
		if rating.Score != nil && strings.HasPrefix(string(rating.Method), "CVSS") {
			one.CVSS = max(one.CVSS, *rating.Score)
		}
	}
	return one
}

func sourceOf(source *cyclonedx.Source) string {
	if source == nil {
		return ""
	}
	return source.Name
}

func severity(word cyclonedx.Severity) scan.Severity {
	if word == cyclonedx.SeverityNone || word == cyclonedx.SeverityInfo {
		return scan.Negligible
	}
	known, _ := scan.ParseSeverity(string(word)) // what has no name is unknown
	return known
}

func property(list *[]cyclonedx.Property, name string) string {
	if list != nil {
		for _, p := range *list {
			if p.Name == name {
				return p.Value
			}
		}
	}
	return ""
}
