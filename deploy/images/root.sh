#!/bin/sh
# Lays out the root of an image that holds some programs, the libraries that these and addons are linked to, and what Node.js and
# Temporal's client look for on a machine. The authorities are those that Node.js itself brings, so that they are as old as it is.
# usage: root.sh ROOT USER ID PROGRAM... -- ADDON...
set -eu
root=$1 user=$2 id=$3
shift 3
programs=
while [ "$1" != -- ]; do
  install -D "$1" "$root$1"
  programs="$programs $1"
  shift
done
shift
for library in $(ldd $programs "$@" | grep -o '\s/[^ ]*' | sort -u); do install -D "$library" "$root$library"; done
install -d "$root/etc/ssl/certs" "$root/root" "$root/proc" "$root/sys" "$root/dev"
install -d -m 1777 "$root/tmp"
printf 'root:x:0:0:root:/root:/bin/false\n%s:x:%s:%s:%s:/tmp:/bin/false\n' "$user" "$id" "$id" "$user" > "$root/etc/passwd"
printf 'root:x:0:\n%s:x:%s:\n' "$user" "$id" > "$root/etc/group"
printf 'hosts: files dns\n' > "$root/etc/nsswitch.conf"
node --print 'require("node:tls").rootCertificates.join("\n")' > "$root/etc/ssl/certs/ca-certificates.crt"
