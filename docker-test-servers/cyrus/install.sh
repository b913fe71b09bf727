#!/usr/bin/env bash
# Installs Cyrus IMAP 3.10 from the backports of Debian 12, to be started by start.sh. Asks nothing, starts no service,
# now or at boot. Where a Cyrus is installed, nothing is changed.
#
#   install.sh
#
# Changes to the machine: the packages, the suite in /etc/apt/sources.list.d unless apt has it already, and an empty
# package named libclamav11 (see below). Exit code 3: not possible here; the last line on standard error says why.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

suite=bookworm-backports
oldest=3.10

main() {
  leave_if_installed
  need_root_and_apt
  leave_if_installed # by whoever held the lock
  [[ $(release) == bookworm ]] ||
    cannot "Cyrus $oldest is installed on Debian 12 only; elsewhere install it by hand or use --newest"

  add_backports
  stand_in_for_libclamav11
  packages=(
    "cyrus-common/$suite" "cyrus-imapd/$suite" "cyrus-caldav/$suite"
    sasl2-bin libsasl2-modules # the accounts, and the mechanism by which they log in
    tzdata
  )
  # cyrus-common wants a mail transport agent. This one is no daemon, and is not configured to send anything.
  has_mail_transport_agent || packages+=(msmtp-mta)

  # Fetched first, because only this may fail through no fault of ours. The lists may be older than the mirror.
  fetch || { apt-get update -q && fetch; } || cannot "apt cannot fetch the packages of Cyrus, see above"
  hold_services
  apt "${packages[@]}"
  keep_services_off
}

leave_if_installed() {
  local version
  version=$(dpkg-query -W -f '${db:Status-Abbrev} ${Version}' cyrus-imapd 2>/dev/null) || return 0
  [[ $version == ii* ]] || return 0
  version=${version##* }
  # It may be somebody's mail server.
  dpkg --compare-versions "$version" ge "$oldest" ||
    cannot "Cyrus $version is installed here, which is older than $oldest and is left as it is"
  is_installed cyrus-caldav && is_installed sasl2-bin || cannot "Cyrus $version lacks cyrus-caldav or sasl2-bin"
  exit 0
}

is_installed() {
  [[ $(dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null) == ii* ]]
}

has_mail_transport_agent() {
  dpkg-query -W -f '${db:Status-Abbrev} ${Provides}\n' | grep '^ii' | grep -qw mail-transport-agent
}

add_backports() {
  local mirror file=/etc/apt/sources.list.d/jmap-test-cyrus.sources keys=/usr/share/keyrings/debian-archive-keyring.gpg
  [[ -z $(mirror_of "$suite") ]] || return 0
  mirror=$(main_mirror)
  [[ -n $mirror ]] || cannot "apt has no package lists of Debian 12 and cannot fetch them"

  printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n' "$mirror" "$suite" "$keys" >"$file"
  # This list alone, and the others are kept.
  apt-get update -q -o Dir::Etc::SourceList="$file" -o Dir::Etc::SourceParts=- -o APT::Get::List-Cleanup=0 || true
  if [[ -z $(mirror_of "$suite") ]]; then
    rm -f -- "$file"
    cannot "$mirror does not give $suite"
  fi
}

# A point release of Debian 12 replaced libclamav11 by a newer library, and the backport, which still depends on it, was
# not built again. Nothing but its virus scanner uses it, so an empty package will do.
stand_in_for_libclamav11() {
  local work
  apt-cache show "cyrus-common/$suite" | grep '^Depends:' | grep -qw libclamav11 || return 0
  [[ $(apt-cache policy libclamav11 | awk '$1 == "Candidate:" { print $2 }') != [0-9]* ]] || return 0

  work=$(mktemp -d)
  mkdir -p "$work/package/DEBIAN"
  cat >"$work/package/DEBIAN/control" <<'CONTROL'
Package: libclamav11
Version: 1.0.0-0empty
Architecture: all
Multi-Arch: foreign
Section: misc
Priority: optional
Maintainer: nobody <nobody@example.com>
Description: empty package in place of a library that Debian 12 no longer has
 The backported cyrus-common names it as a dependency. Contains nothing.
CONTROL
  dpkg-deb --root-owner-group --build "$work/package" "$work/libclamav11.deb"
  apt "$work/libclamav11.deb"
  rm -rf -- "$work"
}

apt() {
  apt-get install -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"
}

fetch() {
  apt --download-only "${packages[@]}"
}

# Debian's packages start their services unless this program forbids it by 101.
hold_services() {
  local policy=/usr/sbin/policy-rc.d
  trap "rm -f $policy; if [[ -e $policy.kept ]]; then mv $policy.kept $policy; fi" EXIT
  if [[ -e $policy ]]; then mv -- "$policy" "$policy.kept"; fi
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
}

keep_services_off() {
  local service
  for service in cyrus-imapd saslauthd; do
    if [[ -e /etc/init.d/$service ]]; then
      update-rc.d "$service" disable || echo "$service may be started at the next boot" >&2
    fi
  done
}

main
