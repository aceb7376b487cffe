// Package config is what the operator and a repository's maintainers may set: it loads their YAML strictly, fills in defaults,
// validates, and publishes a JSON schema made from the same types.
//
// It reads the configuration file and the secret files that this names, and nothing else; it performs no other I/O and writes nothing.
package config

// Config is the operator's basebump.yaml, complete: defaults filled in, secrets read, relative paths resolved against its folder.
type Config struct {
	Schedule     Schedule       `yaml:"schedule" doc:"When to run a cycle: five cron fields, @hourly, or @every 30m; CRON_TZ=Europe/Berlin in front sets the time zone."`
	GitHub       GitHub         `yaml:"github" doc:"How to reach GitHub: as an App, or with one token."`
	Git          Git            `yaml:"git" doc:"Repositories on other Git servers, for which branches are pushed."`
	Watch        Watch          `yaml:"watch" doc:"Which repositories of the installation to look after: OWNER/NAME patterns, a leading ! excludes, the last match wins. Empty: all."`
	Registries   []Registry     `yaml:"registries" doc:"Registries that need credentials, a mirror or plain HTTP, or that are on a private address."`
	Database     Secret         `yaml:"database" secret:"the database address" doc:"Where state is kept: sqlite:FILE (relative to the state folder), or postgres://… ."`
	Scanners     []Scanner      `yaml:"scanners" doc:"What finds vulnerabilities."`
	Policy       Policy         `yaml:"policy" doc:"Which updates are proposed."`
	PullRequests PullRequests   `yaml:"pull_requests" doc:"How updates are proposed."`
	Patterns     []ImagePattern `yaml:"patterns" doc:"Files of kinds that basebump does not know, and what in them names an image."`
	Server       Server         `yaml:"server" doc:"The HTTP server of basebump serve."`
	Limits       Limits         `yaml:"limits" doc:"How much of others' and this machine's resources to use."`

	// Warnings are worth a person's attention, but no reason to stop.
	Warnings []Problem `yaml:"-"`
}

// GitHub says how the forge is reached. All empty is valid: plan, apply and scan need no forge.
type GitHub struct {
	APIURL        URL    `yaml:"api_url" doc:"Base of the REST API, used exactly as written. GitHub Enterprise Server: https://HOST/api/v3/"`
	AppID         int64  `yaml:"app_id" min:"1" doc:"The App's id, from its settings page."`
	PrivateKey    Secret `yaml:"private_key" secret:"the App's private key" doc:"The App's private key (PEM)."`
	WebhookSecret Secret `yaml:"webhook_secret" secret:"the webhook secret" doc:"Signs webhooks; several lines: all are accepted, for rotation."`
	Token         Secret `yaml:"token" secret:"the GitHub token" doc:"One token instead of an App, for basebump run."`
}

// IsApp reports whether basebump authenticates as a GitHub App.
func (g GitHub) IsApp() bool { return g.AppID != 0 }

// Registry is how one registry is reached. A registry that is not configured is asked anonymously, or as the Docker configuration says.
type Registry struct {
	Host     Host   `yaml:"host" required:"true" doc:"The registry, as references name it: docker.io, ghcr.io, registry.example.com:5000"`
	Mirror   URL    `yaml:"mirror" doc:"Ask here instead; a path prefix is fine. References in files keep their host."`
	Insecure bool   `yaml:"insecure" doc:"Speak plain HTTP."`
	Username string `yaml:"username" doc:"User name for this registry."`
	Password Secret `yaml:"password" secret:"the registry password" doc:"Password or access token for this registry."`
}

// envKey names the registry in environment variables by its host, so that reordering the list cannot send a password elsewhere.
func (r Registry) envKey() string { return string(r.Host) }

// Server is the HTTP server of basebump serve.
type Server struct {
	Addr      Addr `yaml:"addr" doc:"Address to listen on."`
	PublicURL URL  `yaml:"public_url" doc:"Where people and webhooks reach this server; used in links."`
}

// Limits bound the use of others' and of this machine's resources.
type Limits struct {
	GitHubWritesPerMinute int      `yaml:"github_writes_per_minute" min:"1" max:"80" doc:"Pace of what creates content on GitHub."`
	RegistryConcurrency   int      `yaml:"registry_concurrency" min:"1" max:"256" doc:"Requests at once, over all registries."`
	ScanMemory            Size     `yaml:"scan_memory" doc:"Memory that a scanner's process may use."`
	ScanTimeout           Duration `yaml:"scan_timeout" doc:"Time for one scan."`
}
