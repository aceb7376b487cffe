//go:build scanners

package scantest

import (
	"bytes"
	"cmp"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/basebump/basebump/scan/grype/wire"
)

// cost is what one run of a program took.
type cost struct {
	wall, cpu time.Duration
	peak      int64 // bytes
}

// TestRealScannersSpeed scans the same whole image with programs that start anew and have their database, turn about, on one machine. Ours
// is to be at Trivy's level: on a machine with other things to do, time on the wall says little, so that processor time counts as well.
func TestRealScannersSpeed(t *testing.T) {
	const runs = 5
	l := &lab{folder: t.TempDir()}
	l.startRegistry(t)
	target := l.push("old", rootfs(t, "old"))
	image := target.Access.Repository + "@" + target.Digest
	var job bytes.Buffer
	if err := wire.Write(&job, wire.Job{ID: 1, Target: target}); err != nil {
		t.Fatal(err)
	}
	database, cache := l.grypeDatabase(t), l.trivyCache(t, "debian 12", time.Now())
	programs := map[string]func() *exec.Cmd{
		"basebump-grype": func() *exec.Cmd {
			cmd := exec.Command(program(t, "BASEBUMP_GRYPE"), "serve", "--db-dir", database)
			cmd.Stdin = bytes.NewReader(job.Bytes())
			return cmd
		},
		"trivy": func() *exec.Cmd {
			return exec.Command(program(t, "TRIVY"), "image", "--quiet", "--format=json", "--scanners=vuln", "--pkg-types=os", "--image-src=remote", "--insecure",
				"--offline-scan", "--skip-db-update", "--skip-java-db-update", "--skip-version-check", "--disable-telemetry", "--cache-backend=memory",
				"--cache-dir="+cache, image)
		},
		"grype": func() *exec.Cmd {
			cmd := exec.Command(program(t, "GRYPE"), "-q", "registry:"+image, "-o", "json")
			cmd.Env = append(os.Environ(), "GRYPE_DB_AUTO_UPDATE=false", "GRYPE_DB_CACHE_DIR="+database, "GRYPE_CHECK_FOR_APP_UPDATE=false",
				"GRYPE_DB_VALIDATE_AGE=false", "GRYPE_REGISTRY_INSECURE_USE_HTTP=true")
			return cmd
		},
	}
	costs := map[string][]cost{}
	for range runs {
		for name, command := range programs {
			costs[name] = append(costs[name], took(t, command()))
		}
	}
	middle := map[string]cost{}
	for name, all := range costs {
		m := cost{
			median(all, func(c cost) time.Duration { return c.wall }), median(all, func(c cost) time.Duration { return c.cpu }),
			median(all, func(c cost) int64 { return c.peak }),
		}
		t.Logf("%s: %s, %s of processor time, %d MiB (medians of %d)", name, m.wall.Round(time.Millisecond), m.cpu.Round(time.Millisecond), m.peak>>20, runs)
		middle[name] = m
	}
	ours, trivys := middle["basebump-grype"], middle["trivy"]
	if ours.wall > trivys.wall*11/10 && ours.cpu > trivys.cpu*11/10 || ours.peak > trivys.peak*11/10 {
		t.Errorf("ours takes more than Trivy: %+v, %+v", ours, trivys)
	}
}

func took(t *testing.T, cmd *exec.Cmd) cost {
	t.Helper()
	var said bytes.Buffer
	cmd.Stderr = &said
	began := time.Now()
	out, err := cmd.Output()
	if err != nil || !bytes.Contains(out, []byte("CVE-")) {
		t.Fatalf("%s: %v\n%s%.300s", cmd, err, said.String(), out)
	}
	state := cmd.ProcessState
	return cost{time.Since(began), state.UserTime() + state.SystemTime(), state.SysUsage().(*syscall.Rusage).Maxrss << 10}
}

func median[T cmp.Ordered](all []cost, of func(cost) T) T {
	values := make([]T, len(all))
	for i, c := range all {
		values[i] = of(c)
	}
	slices.Sort(values)
	return values[len(values)/2]
}
