// Package scantest holds every scanner to one contract: the same findings about the same images, and never "clean" for "unknown".
//
// It is all tests. Those without a build tag meet recorded answers of real scanners; those with the tag "scanners" meet the scanners
// themselves, which `make test-scanners` builds and starts.
package scantest
