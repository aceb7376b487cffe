package signature

import (
	"strings"
	"sync"
	"time"

	"github.com/basebump/basebump/scan"
)

const (
	unsignedLife = 10 * time.Minute
	signedLife   = 24 * time.Hour // by somebody whom the policy does not name: another signature may come in
	lackingLife  = 24 * time.Hour // until a registry without referrers is asked for them again
	maxKept      = 10_000         // a shelf that is full starts anew
	maxBills     = 64 << 20       // bytes of bills of materials
)

// shelf remembers answers.
type shelf struct {
	now func() time.Time

	mu      sync.Mutex
	signed  map[[2]string]keptSigning
	lacking map[string]time.Time // hosts without referrers, and since when
	bills   map[[2]string]keptBill
	size    int // of the bills
	said    map[[2]string]keptVEX
}

type keptVEX struct {
	documents [][]byte
	at        time.Time
}

type keptBill struct {
	*scan.SBOM // nil: there is none
	at         time.Time
}

type keptSigning struct {
	scan.Signing
	until time.Time // zero: for good
}

func newShelf(now func() time.Time) shelf {
	return shelf{
		now: now, signed: map[[2]string]keptSigning{}, lacking: map[string]time.Time{}, bills: map[[2]string]keptBill{}, said: map[[2]string]keptVEX{},
	}
}

func (s *shelf) signing(image, digest string) (scan.Signing, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept, ok := s.signed[[2]string{image, digest}]
	return kept.Signing, ok && (kept.until.IsZero() || s.now().Before(kept.until))
}

// keep remembers an answer: for good, when it holds all that the policy asks for.
func (s *shelf) keep(image, digest string, signing scan.Signing, settled bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.signed) >= maxKept {
		clear(s.signed)
	}
	kept := keptSigning{Signing: signing}
	switch {
	case settled:
	case len(signing.Signers) > 0:
		kept.until = s.now().Add(signedLife)
	default:
		kept.until = s.now().Add(unsignedLife)
	}
	s.signed[[2]string{image, digest}] = kept
}

func (s *shelf) bill(image, platform string) (*scan.SBOM, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept, ok := s.bills[[2]string{image, platform}]
	return kept.SBOM, ok && (kept.SBOM != nil || s.now().Before(kept.at.Add(unsignedLife)))
}

func (s *shelf) keepBill(image, platform string, bill *scan.SBOM) {
	s.mu.Lock()
	defer s.mu.Unlock()
	size := 0
	if bill != nil {
		size = len(bill.Data)
	}
	if s.size+size > maxBills || len(s.bills) >= maxKept {
		clear(s.bills)
		s.size = 0
	}
	s.size += size
	s.bills[[2]string{image, platform}] = keptBill{bill, s.now()}
}

func (s *shelf) vex(image, digest string) ([][]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept, ok := s.said[[2]string{image, digest}]
	return kept.documents, ok && s.now().Before(kept.at.Add(unsignedLife))
}

func (s *shelf) keepVEX(image, digest string, documents [][]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, kept := range s.said {
		if !s.now().Before(kept.at.Add(unsignedLife)) {
			delete(s.said, key)
		}
	}
	s.said[[2]string{image, digest}] = keptVEX{documents, s.now()}
}

func (s *shelf) lacksReferrers(image string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	since, ok := s.lacking[host(image)]
	return ok && s.now().Before(since.Add(lackingLife))
}

func (s *shelf) noteLacking(image string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lacking[host(image)] = s.now()
}

func host(image string) string {
	name, _, _ := strings.Cut(image, "/")
	return name
}
