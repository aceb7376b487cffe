package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/basebump/basebump/testdata/debian12"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"basebump": main, "basebump-grype": blindScanner})
}

// faulty answers for images below faulty/ with the status that is their name, as in docker.io/faulty/429:1.
func faulty(registry http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, rest, found := strings.Cut(r.URL.Path, "/v2/faulty/")
		status, err := strconv.Atoi(strings.SplitN(rest, "/", 2)[0])
		if !found || err != nil {
			registry.ServeHTTP(w, r)
			return
		}
		if status == http.StatusTooManyRequests {
			w.Header().Set("Retry-After", "3600")
		}
		w.WriteHeader(status)
	})
}

// TestScripts runs the command line as a person would, each script in a folder of its own with a registry of its own. OLD, NEW and
// NEWER are the digests of the three Debian images; debian:12 answers the last of them. basebump.yaml, unless the script brings one,
// names that registry as docker.io's mirror.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		UpdateScripts:       os.Getenv("UPDATE") != "",
		RequireUniqueNames:  true,
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			server := httptest.NewServer(faulty(demoRegistry()))
			env.Defer(server.Close)
			host := strings.TrimPrefix(server.URL, "http://")
			for i, stage := range debian12.Stages() {
				digest, err := pushDebian(host, stage)
				if err != nil {
					return err
				}
				env.Setenv([]string{"OLD", "NEW", "NEWER"}[i], digest)
			}
			env.Setenv("REGISTRY", host)
			env.Setenv("HOME", env.WorkDir)
			file := filepath.Join(env.WorkDir, "basebump.yaml")
			if _, err := os.Stat(file); err == nil {
				return nil
			}
			config := "registries:\n  - {host: docker.io, mirror: \"http://" + host + "\"}\n"
			return os.WriteFile(file, []byte(config), 0o600)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"image": pushScriptImage,
			"index": pushScriptIndex,
			"drop":  dropManifest,
			// expand FILE... replaces $OLD, $NEW, $NEWER, $REGISTRY, $WORK and the digests PINNED and CHILD, where a script sets them, in files.
			// big FILE SIZE makes a file of so many bytes.
			"big": func(ts *testscript.TestScript, _ bool, args []string) {
				size, err := strconv.ParseInt(args[1], 10, 64)
				ts.Check(err)
				ts.Check(os.WriteFile(ts.MkAbs(args[0]), nil, 0o600))
				ts.Check(os.Truncate(ts.MkAbs(args[0]), size))
			},
			"expand": func(ts *testscript.TestScript, _ bool, files []string) {
				var pairs []string
				for _, name := range []string{"NEWER", "NEW", "OLD", "REGISTRY", "PINNED", "CHILD", "WORK"} {
					pairs = append(pairs, "$"+name, ts.Getenv(name))
				}
				for _, file := range files {
					text := strings.NewReplacer(pairs...).Replace(ts.ReadFile(file))
					ts.Check(os.WriteFile(ts.MkAbs(file), []byte(text), 0o600))
				}
			},
		},
	})
}
