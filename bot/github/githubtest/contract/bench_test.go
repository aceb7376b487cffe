package contract

import "testing"

func BenchmarkOperations(b *testing.B) { benchmark(b, packedOperations) }

func BenchmarkWebhooks(b *testing.B) { benchmark(b, packedWebhooks) }

// benchmark reads a description: what a test binary pays once.
func benchmark(b *testing.B, packed []byte) {
	for b.Loop() {
		if _, err := read(packed); err != nil {
			b.Fatal(err)
		}
	}
}
