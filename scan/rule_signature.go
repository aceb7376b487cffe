package scan

import (
	"fmt"
	"strings"
)

// Signing is what is known of the signatures of an image.
type Signing struct {
	Carried bool     `json:"carried"`           // something that says that it is a signature is attached
	Signers []Signer `json:"signers,omitempty"` // who signed the image, as far as that was verified
	Flaws   []string `json:"flaws,omitempty"`   // why other things that are attached do not count
	Unknown string   `json:"unknown,omitempty"` // why nothing is known; empty when the registry was asked and answered
}

// String says in words what is known.
func (s Signing) String() string {
	switch {
	case s.Unknown != "":
		return "signatures not known: " + s.Unknown
	case len(s.Signers) > 0:
		return "signed by " + names(s.Signers)
	case s.Carried && len(s.Flaws) > 0:
		return "carries a signature that does not count: " + s.Flaws[0]
	case s.Carried:
		return "carries a signature; nothing is configured to verify it with"
	}
	return "carries no signature"
}

func names(signers []Signer) string {
	list := make([]string, len(signers))
	for i, signer := range signers {
		list[i] = signer.String()
	}
	return strings.Join(list, " and ")
}

// Signer is a public key, or the identity that a certificate was issued to.
type Signer struct {
	Key      string `json:"key,omitempty"`      // the name of its file
	Identity string `json:"identity,omitempty"` // an address or a workflow
	Issuer   string `json:"issuer,omitempty"`   // who vouches for the identity
}

func (s Signer) String() string {
	if s.Key != "" {
		return "the key " + s.Key
	}
	return s.Identity + " (" + s.Issuer + ")"
}

// Same says whether two signers are the same one. A workflow is the same whichever branch, tag or commit of it ran.
func (s Signer) Same(other Signer) bool {
	s.Identity, other.Identity = unversioned(s.Identity), unversioned(other.Identity)
	return s == other
}

// unversioned cuts off the commit or ref that a workflow's identity ends with.
func unversioned(identity string) string {
	name, version, ok := strings.Cut(identity, "@")
	if ok && strings.Contains(name, "://") && (strings.HasPrefix(version, "refs/") || len(version) == 40) {
		return name
	}
	return identity
}

// Signatures is what a policy asks of signatures.
type Signatures struct {
	// Wanted lists who may sign an image, one of whom has to; empty: nobody has to. nil: that of every image.
	Wanted func(image string) []WantedSigner
	// Keep has who signed the current image sign the candidate, too, where Wanted names nobody.
	Keep bool
}

// WantedSigner is a signer that the policy names.
type WantedSigner struct {
	Name string // as people read it
	Is   func(Signer) bool
}

// Ask says whether the signatures of an image matter.
func (s Signatures) Ask(image string) bool { return s.Keep || len(s.wanted(image)) > 0 }

func (s Signatures) wanted(image string) []WantedSigner {
	if s.Wanted == nil {
		return nil
	}
	return s.Wanted(image)
}

// Required says whether somebody in particular has to sign an image.
func (s Signatures) Required(image string) bool { return len(s.wanted(image)) > 0 }

// Trusted says whether the policy takes a signer's word on an image.
func (s Signatures) Trusted(image string, by Signer) bool {
	for _, wanted := range s.wanted(image) {
		if wanted.Is(by) {
			return true
		}
	}
	return false
}

// Signed is what is known of the signatures of both images. Current is not asked for where the policy says who has to sign.
type Signed struct{ Current, Candidate Signing }

// Judge says whether a candidate is signed as it has to be, and who signed it or what is lacking; the phrase may be empty for a "yes".
// What is known is nil when nobody asked: then nothing passes that has to be signed. It is no part of Policy.Judge: it is asked last, of
// images that nothing else speaks against, since the answer costs requests.
func (s Signatures) Judge(image string, known *Signed) (ok bool, phrase string) {
	wanted := s.wanted(image)
	switch {
	case len(wanted) > 0 && known == nil:
		return false, "its signatures were not asked for (policy.require_signature)"
	case len(wanted) > 0:
		return signedAsWanted(wanted, known.Candidate)
	case s.Keep && known != nil:
		return signedAsBefore(known.Current, known.Candidate)
	}
	return true, ""
}

func signedAsWanted(wanted []WantedSigner, candidate Signing) (bool, string) {
	missing := make([]string, len(wanted))
	for i, w := range wanted {
		for _, signer := range candidate.Signers {
			if w.Is(signer) {
				return true, "signed by " + signer.String()
			}
		}
		missing[i] = w.Name
	}
	return false, fmt.Sprintf("not signed by %s: %s (policy.require_signature)", strings.Join(missing, " or "), candidate.lack())
}

// NotLookedAt begins the phrase for a registry that could not say whether today's image is signed; the cause follows.
const NotLookedAt = "signatures not looked at"

func signedAsBefore(current, candidate Signing) (bool, string) {
	switch {
	case current.Unknown != "":
		return true, NotLookedAt + ": " + current.Unknown
	case !current.Carried:
		return true, ""
	case len(current.Signers) > 0:
		return signedByTheSame(current.Signers, candidate)
	case candidate.Carried:
		return true, "carries a signature, as today's image does; nothing is configured to verify them with"
	}
	return false, "today's image carries a signature and this one does not (policy.keep_signature)"
}

func signedByTheSame(before []Signer, candidate Signing) (bool, string) {
	for _, was := range before {
		for _, is := range candidate.Signers {
			if is.Same(was) {
				return true, "signed by the same as today's image: " + is.String()
			}
		}
	}
	return false, fmt.Sprintf("today's image is signed by %s; for this one, %s (policy.keep_signature)", before[0], candidate.lack())
}

// lack says what an image carries instead of the signature that it should carry.
func (s Signing) lack() string {
	switch {
	case s.Unknown != "":
		return s.Unknown
	case len(s.Signers) > 0:
		return "it is signed by " + names(s.Signers)
	case len(s.Flaws) > 0:
		return s.Flaws[0]
	case s.Carried:
		return "what it carries could not be verified"
	}
	return "it carries no signature"
}
