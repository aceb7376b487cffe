package egress

import (
	"net/netip"
	"testing"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	for ip, want := range map[string]string{
		"93.184.215.14":          "",
		"2606:4700::6810:84e5":   "",
		"64:ff9b::5db8:d70e":     "", // NAT64 of 93.184.215.14
		"127.0.0.1":              "127.0.0.1 is a loopback address",
		"127.255.0.9":            "127.255.0.9 is a loopback address",
		"::1":                    "::1 is a loopback address",
		"::ffff:127.0.0.1":       "127.0.0.1 is a loopback address",
		"::127.0.0.1":            "::7f00:1 is a loopback address",
		"64:ff9b::a00:1":         "64:ff9b::a00:1 is a private address",
		"2002:a9fe:a9fe::1":      "2002:a9fe:a9fe::1 is a link-local address",
		"10.1.2.3":               "10.1.2.3 is a private address",
		"172.31.255.255":         "172.31.255.255 is a private address",
		"192.168.0.1":            "192.168.0.1 is a private address",
		"fd00:ec2::254":          "fd00:ec2::254 is a private address",
		"fec0::1":                "fec0::1 is a private address",
		"169.254.169.254":        "169.254.169.254 is a link-local address",
		"::ffff:169.254.169.254": "169.254.169.254 is a link-local address",
		"fe80::1%eth0":           "fe80::1 is a link-local address",
		"0.0.0.0":                "0.0.0.0 is an unspecified address",
		"0.1.2.3":                "0.1.2.3 is an unspecified address",
		"::":                     ":: is an unspecified address",
		"100.64.0.1":             "100.64.0.1 is a carrier's private address",
		"224.0.0.251":            "224.0.0.251 is a multicast address",
		"ff02::1":                "ff02::1 is a multicast address",
		"255.255.255.255":        "255.255.255.255 is a reserved address",
		"198.19.0.1":             "198.19.0.1 is a benchmarking address",
	} {
		got := ""
		if err := check(netip.MustParseAddr(ip)); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", ip, got, want)
		}
	}
}
