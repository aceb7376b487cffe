package config

import "time"

// Default is the configuration of an empty file.
func Default() Config {
	return Config{
		Schedule: mustSchedule("CRON_TZ=UTC 17 * * * *"), // hourly; off the full hour, when everybody else asks
		GitHub:   GitHub{APIURL: "https://api.github.com/"},
		Git:      Git{Author: "basebump <basebump@localhost>"},
		Database: NewSecret("sqlite:basebump.db"),
		Scanners: []Scanner{defaultScanner(Grype)},
		Policy: Policy{
			Update:          UpdatePatch, // what a maintainer merges without reading release notes
			Distribution:    DistributionKeep,
			Pin:             true, // without a digest nothing says what runs, so nothing can be compared
			When:            WhenVulnerable,
			MinAge:          0,
			Urgent:          SeverityCritical,
			UrgentEPSS:      0.5, // more likely exploited within a month than not
			EndOfLife:       EndOfLifeStay,
			BlockIntroduced: SeverityHigh, // low ones come with nearly every newer package
			KeepSignature:   true,
			SBOM:            SBOMNever,    // what is in an image is seen in the image; a bill of materials is somebody's word
			Agreement:       AgreementAll, // who asks two scanners wants both to be content
		},
		PullRequests: PullRequests{
			BranchPrefix: "basebump/",
			Limit:        10, // more at once are not read
			Labels:       []string{"basebump"},
			Group:        GroupImage,
			Rebase:       RebaseNeeded, // every new commit runs everybody's tests
			CommitPrefix: PrefixAuto,
			MergeMethod:  MergeAuto,
		},
		Server: Server{Addr: "127.0.0.1:8080"}, // not reachable from outside until somebody says so
		Limits: Limits{
			GitHubWritesPerMinute: 40, // half of GitHub's secondary limit of 80: others write with the same App
			RegistryConcurrency:   8,
			ScanMemory:            2 << 30,
			ScanTimeout:           Duration(5 * time.Minute),
		},
	}
}
