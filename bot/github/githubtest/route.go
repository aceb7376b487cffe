package githubtest

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// route is one documented operation. Patterns are GitHub's own, with {name...} where a parameter may hold slashes; http.ServeMux
// takes neither those in the middle of a path nor issues/comments/{id} beside issues/{number}/labels.
type route struct {
	method, pattern string
	access          access
	status          int // of a success with a body; without one it is 204
	handle          func(*Server, *call) (any, error)

	path *regexp.Regexp
}

func allRoutes() []route {
	return slices.Concat(
		appRoutes(), manifestRoutes(), hookRoutes(), installationRoutes(), accountRoutes(),
		repositoryRoutes(), collaboratorRoutes(), branchRoutes(), contentRoutes(),
		blobRoutes(), treeRoutes(), gitCommitRoutes(), refRoutes(), commitRoutes(),
		pullRoutes(), pullMergeRoutes(), reviewerRoutes(),
		issueRoutes(), labelRoutes(), commentRoutes(), reactionRoutes(),
		checkRunRoutes(), checkSuiteRoutes(), statusRoutes(), deploymentRoutes(),
	)
}

var parameter = regexp.MustCompile(`\\{(\w+)(\\\.\\\.\\\.)?\\}`)

// compile orders the routes so that the pattern with fewer parameters is tried first.
func compile(routes []route) []route {
	for i := range routes {
		expr := parameter.ReplaceAllStringFunc(regexp.QuoteMeta(routes[i].pattern), func(match string) string {
			parts := parameter.FindStringSubmatch(match)
			if parts[2] != "" {
				return "(?P<" + parts[1] + ">.+)"
			}
			return "(?P<" + parts[1] + ">[^/]+)"
		})
		routes[i].path = regexp.MustCompile("^" + expr + "$")
	}
	slices.SortStableFunc(routes, func(a, b route) int {
		if slash := slashy(a) - slashy(b); slash != 0 {
			return slash
		}
		return strings.Count(a.pattern, "{") - strings.Count(b.pattern, "{")
	})
	return routes
}

// slashy ranks greedy patterns last, and among them those with a fixed end first.
func slashy(r route) int {
	switch {
	case strings.HasSuffix(r.pattern, "...}"):
		return 2
	case strings.Contains(r.pattern, "...}"):
		return 1
	}
	return 0
}

// match finds the operation for a request and its path parameters; nil when GitHub has, or we know, none.
func (s *Server) match(r *http.Request) (*route, map[string]string) {
	path := r.URL.EscapedPath()
	for i := range s.routes {
		found := &s.routes[i]
		values := found.path.FindStringSubmatch(path)
		if values == nil || found.method != r.Method {
			continue
		}
		vars := make(map[string]string, len(values)-1)
		for n, name := range found.path.SubexpNames()[1:] {
			value, err := url.PathUnescape(values[n+1])
			if err != nil {
				return nil, nil
			}
			vars[name] = value
		}
		return found, vars
	}
	return nil, nil
}

// Operations lists what the server answers, as "METHOD /path/{parameter}", with {parameter...} for one that may hold slashes.
func Operations() []string {
	routes := allRoutes()
	out := make([]string, len(routes))
	for i, r := range routes {
		out[i] = r.method + " " + r.pattern
	}
	return out
}
