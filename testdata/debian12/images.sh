#!/bin/sh
# Bootstraps real Debian 12 images, one tar of a root file system per stage:
#
#   old    the release alone
#   new    with updates and security, but apt held at the release's version:
#          the archive as it was before the upload of apt 2.6.2
#   newer  with everything
#
# usage: images.sh OUTDIR [STAGE]...          (default: all three)
#
# The archive is the one in apt's own configuration, else set DEBIAN_MIRROR and
# DEBIAN_SECURITY_MIRROR. Works as root, or as a user who may unshare namespaces.
set -eu

packages=openssl,curl,ca-certificates
held=apt # its last upload is the newest that fixes a CVE

fail() {
	echo "images.sh: $*" >&2
	exit 1
}

# mirror SUITE prints the address from which apt gets that suite.
mirror() {
	apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Release: $1" 2>/dev/null | head -n 1
}

# bootstrap STAGE FILE DATE: DATE (seconds) is the newest that a file may be.
bootstrap() {
	stage=$1 file=$2
	export SOURCE_DATE_EPOCH="$3"
	release="deb $debian bookworm main"
	set -- --variant=minbase --include="$packages"
	case $stage in
	new)
		pin=etc/apt/preferences.d/held
		set -- "$@" \
			--setup-hook="printf 'Package: src:$held\nPin: release n=bookworm\nPin-Priority: 1001\n' >\"\$1/$pin\"" \
			--customize-hook="rm \"\$1/$pin\""
		;;
	esac
	set -- "$@" bookworm "$file" "$release"
	[ "$stage" = old ] ||
		set -- "$@" "deb $debian bookworm-updates main" "deb $security bookworm-security main"
	mmdebstrap "$@"
}

[ $# -ge 1 ] || fail "usage: images.sh OUTDIR [old|new|newer]..."
out=$1
shift
[ $# -gt 0 ] || set -- old new newer

command -v mmdebstrap >/dev/null || fail "mmdebstrap is missing: apt-get install mmdebstrap"
debian=${DEBIAN_MIRROR:-$(mirror bookworm)}
security=${DEBIAN_SECURITY_MIRROR:-$(mirror bookworm-security)}
[ -n "$debian" ] || fail "apt has no source for bookworm: set DEBIAN_MIRROR"
[ -n "$security" ] || fail "apt has no source for bookworm-security: set DEBIAN_SECURITY_MIRROR"

mkdir -p "$out"
for stage; do
	case $stage in
	old) date=2026-07-11 ;;
	new) date=2026-11-01 ;;
	newer) date=2026-11-03 ;;
	*) fail "no stage $stage: there are old, new and newer" ;;
	esac
	echo "images.sh: bootstrapping $out/$stage.tar" >&2
	bootstrap "$stage" "$out/.$stage.tar" "$(date -u -d "$date" +%s)" || {
		rm -f "$out/.$stage.tar"
		fail "mmdebstrap could not make $stage: its messages are above"
	}
	mv "$out/.$stage.tar" "$out/$stage.tar"
done
