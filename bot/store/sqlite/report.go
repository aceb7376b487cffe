package sqlite

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"io"
	"time"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/cache"
)

// maxReport bounds a report when it is unpacked; a big one is 10 MB.
const maxReport = 256 << 20

// Report implements cache.Store.
func (s *Store) Report(ctx context.Context, key cache.Key) (*scan.Report, error) {
	var body []byte
	err := s.read.QueryRowContext(ctx, `
		SELECT body FROM report WHERE digest = ? AND platform = ? AND scanner = ? AND version = ? AND database = ? AND sbom = ?`,
		key.Digest, key.Platform, key.Scanner.Name, key.Scanner.Version, key.Database.UnixMicro(), key.SBOM).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, s.fault("read", err)
	}
	report, err := unpack(body)
	return report, s.fault("read", err)
}

// SaveReport implements cache.Store. It keeps one report for each image, platform and scanner.
func (s *Store) SaveReport(ctx context.Context, key cache.Key, report scan.Report, now time.Time) error {
	body, err := pack(report)
	if err != nil {
		return s.fault("write", err)
	}
	return s.update(ctx, "write", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT OR REPLACE INTO report (digest, platform, scanner, version, database, sbom, saved, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			key.Digest, key.Platform, key.Scanner.Name, key.Scanner.Version, key.Database.UnixMicro(), key.SBOM, now.UnixMicro(), body)
		return err
	})
}

func pack(report scan.Report) ([]byte, error) {
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	err := errors.Join(json.NewEncoder(zip).Encode(report), zip.Close())
	return packed.Bytes(), err
}

func unpack(packed []byte) (*scan.Report, error) {
	zip, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	var report scan.Report
	if err := json.NewDecoder(io.LimitReader(zip, maxReport)).Decode(&report); err != nil {
		return nil, err
	}
	return &report, nil
}
