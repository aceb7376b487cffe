package worker

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	v6 "github.com/anchore/grype/grype/db/v6"
	"github.com/anchore/grype/grype/db/v6/distribution"
	"github.com/basebump/basebump/config/fault"
)

const (
	// PublishedURL is where Grype's own database is published.
	PublishedURL = "https://grype.anchore.io/databases"

	maxListing = 1 << 20
	maxArchive = 4 << 30
)

// Updater fetches a published database.
type Updater struct {
	Client *http.Client
	URL    string // the folder that the schemas' folders lie in, or a latest.json itself
	Dir    string // where the database is installed
}

// Update installs the published database when it is newer than the installed one. It returns the build time of the published one and whether
// that was installed.
func (u Updater) Update(ctx context.Context) (built time.Time, installed bool, err error) {
	at := u.URL
	if !strings.HasSuffix(at, ".json") {
		at = strings.TrimRight(at, "/") + "/v" + strconv.Itoa(v6.ModelVersion) + "/" + distribution.LatestFileName
	}
	latest, err := u.latest(ctx, at)
	if err != nil {
		return time.Time{}, false, &fault.Error{Op: "read", Target: at, Class: fault.ClassOf(err), Err: err}
	}
	built = latest.Built.UTC()
	if current, err := openDatabase(u.Dir); err == nil {
		newest := !built.After(current.info.Built)
		if err := current.Close(); err != nil || newest {
			return built, false, err
		}
	}
	from, err := archiveURL(at, latest.Path)
	if err != nil {
		return built, false, err
	}
	if err := u.install(ctx, from, latest.Checksum); err != nil {
		return built, false, &fault.Error{Op: "fetch", Target: from, Class: fault.ClassOf(err), Err: err}
	}
	return built, true, nil
}

func (u Updater) latest(ctx context.Context, at string) (*distribution.LatestDocument, error) {
	body, err := u.get(ctx, at)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	latest, err := distribution.NewLatestFromReader(io.LimitReader(body, maxListing))
	switch {
	case err != nil:
		return nil, permanent(err)
	case latest == nil || latest.Path == "" || latest.Checksum == "" || latest.Built.IsZero():
		return nil, permanent(errors.New("it does not name a database"))
	case latest.SchemaVersion.Model != v6.ModelVersion:
		return nil, permanent(fmt.Errorf("its database has the schema %s, this scanner reads %d", latest.SchemaVersion, v6.ModelVersion))
	}
	return latest, nil
}

// archiveURL finds the archive beside its listing, and nowhere else.
func archiveURL(listing, file string) (string, error) {
	u, err := url.Parse(listing)
	if err != nil {
		return "", err
	}
	u.Path, u.RawPath, u.RawQuery = path.Join(path.Dir(u.Path), path.Clean("/"+file)), "", ""
	return u.String(), nil
}

// install fetches an archive into the folder of the database, where there has to be room for it anyway.
func (u Updater) install(ctx context.Context, from, checksum string) error {
	if err := os.MkdirAll(u.Dir, 0o755); err != nil {
		return err
	}
	temp, err := os.MkdirTemp(u.Dir, ".download-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	archive := filepath.Join(temp, path.Base(from))
	got, err := u.download(ctx, from, archive)
	if err != nil {
		return err
	}
	if want, ok := strings.CutPrefix(checksum, "sha256:"); !ok || want != got {
		return &fault.Error{Class: fault.Retry, Err: fmt.Errorf("its checksum is sha256:%s, its listing says %s", got, checksum)}
	}
	return Import(archive, u.Dir)
}

func (u Updater) download(ctx context.Context, from, to string) (digest string, err error) {
	body, err := u.get(ctx, from)
	if err != nil {
		return "", err
	}
	defer body.Close()
	file, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	hash := sha256.New()
	n, err := io.Copy(io.MultiWriter(file, hash), io.LimitReader(body, maxArchive+1))
	if err != nil {
		return "", &fault.Error{Class: fault.Retry, Err: err}
	}
	if n > maxArchive {
		return "", permanent(fmt.Errorf("it has more than %d GiB", maxArchive>>30))
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

func (u Updater) get(ctx context.Context, at string) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return nil, permanent(err)
	}
	req.Header.Set("User-Agent", "basebump-grype")
	resp, err := u.Client.Do(req)
	if err != nil {
		if fault.ClassOf(err) != fault.Unknown {
			return nil, err
		}
		return nil, &fault.Error{Class: fault.Retry, Err: err}
	}
	if resp.StatusCode != http.StatusOK {
		_ = resp.Body.Close()
		return nil, &fault.Error{Class: fault.Retry, Err: fmt.Errorf("the server answered %s", resp.Status)}
	}
	return resp.Body, nil
}
