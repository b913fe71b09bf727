#!/usr/bin/env bash
# Starts a Cyrus IMAP server that serves JMAP, CalDAV and CardDAV as plain HTTP on one loopback port. Writes nothing
# outside STATE, a directory that is empty or not there yet. The accounts have no mailboxes yet; `cargo xtask servers up`
# makes these and waits for the server.
#
#   start.sh [--root ROOT] STATE PORT PASSWORD ACCOUNT…
#
# With --root, the Cyrus of the system below ROOT, and STATE is below ROOT as well. Started by root, the server runs as
# the user cyrus, otherwise as whoever starts it.
set -euo pipefail

fail() {
  echo "$1" >&2
  exit 1
}

root=
if [[ ${1-} == --root ]]; then
  root=$2
  shift 2
fi
[[ $# -ge 4 ]] || fail "usage: start.sh [--root ROOT] STATE PORT PASSWORD ACCOUNT…"
state=$1 port=$2 password=$3
shift 3
accounts=("$@")
# The state directory as the server sees it.
inner=${state#"$root"}

main() {
  # A socket's name is limited, and the configuration files know no quotes.
  [[ ${#state} -le 80 ]] || fail "the path of the state directory is longer than 80 characters: $state"
  [[ $state == /* && $state != *[[:space:]\"]* ]] ||
    fail "the state directory must be an absolute path without blanks or quotes: $state"
  find_programs
  choose_user

  make_directories
  make_accounts
  imapd_conf >"$state/imapd.conf"
  cyrus_conf >"$state/cyrus.conf"
  if [[ $(id -u) == 0 ]]; then chown -R "$uid:$gid" "$state/var"; fi
  "${as_user[@]}" test -w "$inner/var" ||
    fail "$user cannot reach $state: the directories above it must let others pass"

  # Nothing of ours may stay open in the server, or whoever reads our output would wait for its end.
  "${as_user[@]}" "$master" -d -L "$inner/var/log/master.log" -p "$inner/var/master.pid" \
    -M "$inner/cyrus.conf" -C "$inner/imapd.conf" </dev/null >>"$state/var/log/start.log" 2>&1 ||
    fail "Cyrus did not start: $(tail -n 1 "$state/var/log/start.log")"
}

find_programs() {
  master=$(program cyrmaster master)
  ctl_cyrusdb=$(program ctl_cyrusdb)
  saslpasswd=$(program saslpasswd2)
}

# The first of the names that is a program of the server's system.
program() {
  local name directory
  for name; do
    for directory in /usr/sbin /usr/bin /usr/lib/cyrus/bin /usr/libexec; do
      if [[ -x $root$directory/$name ]]; then
        echo "$directory/$name"
        return
      fi
    done
  done
  fail "there is no program $1${root:+ below $root}"
}

choose_user() {
  within=()
  if [[ -n $root ]]; then within=(chroot "$root"); fi
  user=$(id -un)
  as_user=("${within[@]}")
  if [[ $(id -u) == 0 ]]; then
    user=cyrus
    uid=$("${within[@]}" id -u "$user")
    gid=$("${within[@]}" id -g "$user")
    as_user+=(setpriv "--reuid=$uid" "--regid=$gid" --clear-groups)
  fi
}

# Only what lies in var belongs to the server's user. The directory may have been made by another user where all may
# write, hence the look at its owner; by the mark it is known as one that may be removed.
make_directories() {
  mkdir -p -- "$state"
  [[ -O $state && ! -L $state ]] || fail "$state belongs to somebody else"
  [[ -z $(ls -A -- "$state") ]] || fail "$state is not empty"
  chmod 755 "$state"
  touch "$state/jmap-test-cyrus"
  mkdir -p -- "$state"/var/{conf/{db,log,msg,proc,socket,sieve},spool,search,log}
}

# Besides the accounts of the tests there is one that may administer all mailboxes.
make_accounts() {
  local account
  for account in cyrus "${accounts[@]}"; do
    printf %s "$password" |
      "${within[@]}" "$saslpasswd" -p -c -u localhost -f "$inner/var/sasldb2" "$account"
  done
}

imapd_conf() {
  cat <<CONF
configdirectory: $inner/var/conf
defaultpartition: default
partition-default: $inner/var/spool
sievedir: $inner/var/conf/sieve
servername: localhost
syslog_prefix: jmap-test
cyrus_user: $user
admins: cyrus
virtdomains: off
defaultdomain: example.com
calendar_user_address_set: example.com

# Passwords are in a file of this server alone.
allowplaintext: yes
sasl_mech_list: PLAIN
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: $inner/var/sasldb2

# An account gets its INBOX at the first login by IMAP; without one it has no calendars either.
autocreate_quota: 0
autocreate_inbox_folders: Drafts | Sent | Trash
autosubscribe_inbox_folders: Drafts | Sent | Trash
xlist-drafts: Drafts
xlist-sent: Sent
xlist-trash: Trash
duplicatesuppression: no

httpmodules: caldav carddav jmap
caldav_create_default: yes
caldav_create_sched: yes
caldav_create_attach: yes
caldav_allowscheduling: yes
caldav_historical_age: -1
calendar_default_displayname: personal
jmap_nonstandard_extensions: yes
# Event sources look for changes this often; the default of a minute would make every test of them take that long.
jmap_pushpoll: 1s

# What JMAP needs: conversations for states, and an index that squatter keeps while the log feeds it.
conversations: yes
conversations_db: twoskip
search_engine: xapian
search_index_headers: no
defaultsearchtier: t1
t1searchpartition-default: $inner/var/search
sync_log: yes
sync_log_channels: squatter

# Nothing listens on this port, so no mail ever leaves.
smtp_backend: host
smtp_host: 127.0.0.1:1
CONF
}

# IMAP is a socket in the state directory: it is needed to make the mailboxes, and opens no second port.
cyrus_conf() {
  local conf="-C $inner/imapd.conf"
  cat <<CONF
START {
  recover cmd="$ctl_cyrusdb $conf -r"
}
SERVICES {
  http cmd="httpd $conf" listen="127.0.0.1:$port" prefork=1
  imap cmd="imapd $conf" listen="$inner/var/imap" prefork=0
}
EVENTS {
  checkpoint cmd="$ctl_cyrusdb $conf -c" period=60
}
DAEMON {
  idled cmd="idled $conf"
  squatter cmd="squatter $conf -R"
}
CONF
}

main
