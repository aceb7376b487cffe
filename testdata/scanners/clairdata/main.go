// Command clairdata prints the Debian 12 advisories beside it as `clairctl import-updaters` reads them: one vulnerability a line.
//
//	go run ./testdata/scanners/clairdata [-version 12 -codename bookworm] > FILE
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/basebump/basebump/testdata/debian12"
	"github.com/basebump/basebump/testdata/debian12/expect"
)

const updater = "debian/updater"

func main() {
	version := flag.String("version", "12", "the release that the advisories are filed under")
	codename := flag.String("codename", "bookworm", "its name")
	flag.Parse()
	if err := write(os.Stdout, *version, *codename); err != nil {
		fmt.Fprintln(os.Stderr, "clairdata:", err)
		os.Exit(1)
	}
}

func write(w io.Writer, version, codename string) error {
	advisories, err := expect.Advisories(debian12.Advisories())
	if err != nil {
		return err
	}
	run, date := uuid.NewString(), time.Now().UTC().Format(time.RFC3339)
	release := version + " (" + codename + ")"
	out := bufio.NewWriter(w)
	encode := json.NewEncoder(out)
	for _, a := range advisories {
		err := encode.Encode(map[string]any{
			"Updater": updater, "Fingerprint": run, "Ref": run, "Date": date, "Kind": "vulnerability",
			"Vuln": map[string]any{
				"updater": updater, "name": a.CVE, "description": a.CVE + " in " + a.Source,
				"links":    "https://security-tracker.debian.org/tracker/" + a.CVE,
				"severity": strings.ToLower(a.Severity), "normalized_severity": a.Severity,
				"package": map[string]string{"name": a.Source, "kind": "source"},
				"distribution": map[string]string{
					"did": "debian", "name": "Debian GNU/Linux", "version": release, "version_code_name": codename,
					"version_id": version, "pretty_name": "Debian GNU/Linux " + release,
				},
				"fixed_in_version": a.Fixed,
			},
		})
		if err != nil {
			return err
		}
	}
	return out.Flush()
}
