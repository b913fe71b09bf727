# What install.sh and chroot.sh share. Sourced by them, not run.

# Cyrus cannot be had on this machine, and nothing is broken: `cargo xtask servers` reports exit code 3 as "not run",
# with the last line of standard error as the reason.
cannot() {
  echo "$1" >&2
  exit 3
}

fail() {
  echo "$1" >&2
  exit 1
}

need_root_and_apt() {
  command -v apt-get >/dev/null || cannot "Cyrus comes as Debian packages, and there is no apt-get here"
  [[ $(id -u) == 0 ]] || cannot "root is needed to install Cyrus"
  export DEBIAN_FRONTEND=noninteractive
  # Several checkouts may want it at the same time.
  exec 9>/run/lock/jmap-test-cyrus
  flock 9
}

# Code name of the running system, e.g. bookworm.
release() {
  (. /etc/os-release && echo "${VERSION_CODENAME-}")
}

# Mirror that apt takes suite $1 from; nothing if apt has no package lists of it.
mirror_of() {
  apt-get indextargets --format '$(CODENAME) $(REPO_URI)' 'Created-By: Packages' 'Component: main' |
    awk -v suite="$1" '$1 == suite && !found { print $2; found = 1 }'
}

# Mirror of the running release; fetches the package lists where there are none, as in a new container.
main_mirror() {
  if [[ -z $(mirror_of "$(release)") ]]; then
    apt-get update -q >&2 || true
  fi
  mirror_of "$(release)"
}
