package gitrepo_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFilesWithTheUsersRules(t *testing.T) {
	for _, tc := range []struct {
		name, xdg string
		home      map[string]string
	}{
		{name: "in the usual place", home: map[string]string{".config/git/ignore": "x\n"}},
		{name: "in the place that the environment names", xdg: "cfg", home: map[string]string{"cfg/git/ignore": "x\n"}},
		{name: "in the place that the configuration names", home: map[string]string{".gitconfig": "[core]\n\texcludesFile = ~/mine\n", "mine": "x\n"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			home := tree(t, tc.home)
			t.Setenv("HOME", home)
			if tc.xdg != "" {
				t.Setenv("XDG_CONFIG_HOME", home+"/"+tc.xdg)
			}
			got := list(t, tree(t, map[string]string{".git/HEAD": "", "x": "", "y": ""}))
			if diff := cmp.Diff([]string{"y"}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
