#!/usr/bin/env bash
# Makes a small Debian below ROOT that has the newest Cyrus IMAP of Debian (suite sid), to be started by start.sh.
# Nothing is mounted and no service started; besides ROOT, only the package debootstrap is added to the machine. A ROOT
# that is complete is left as it is.
#
#   chroot.sh ROOT
#
# Exit code 3: not possible here; the last line on standard error says why.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

[[ $# == 1 ]] || fail "usage: chroot.sh ROOT"
root=$1
complete=$root/complete

main() {
  local mirror
  if [[ -e $complete ]]; then exit 0; fi
  need_root_and_apt
  if [[ -e $complete ]]; then exit 0; fi
  [[ ! -e $root || -z $(ls -A -- "$root") ]] ||
    fail "$root is not empty; if it was left by an attempt that was cut off, remove it"
  mirror=$(main_mirror)
  [[ -n $mirror ]] || cannot "apt has no package lists of $(release) and cannot fetch them"

  if ! command -v debootstrap >/dev/null; then
    apt-get install -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 debootstrap ||
      cannot "apt cannot install debootstrap, see above"
  fi
  make "$mirror" || cannot "debootstrap could not make a Debian from $mirror, see above"
  rm -rf -- "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
  touch "$complete"
}

# msmtp-mta: cyrus-common wants a mail transport agent, and this one is no daemon.
make() {
  debootstrap --variant=minbase \
    --include=cyrus-imapd,cyrus-caldav,sasl2-bin,libsasl2-modules,tzdata,msmtp-mta sid "$root" "$1"
}

main
