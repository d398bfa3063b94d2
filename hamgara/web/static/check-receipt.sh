#!/usr/bin/env bash
# check-receipt.sh ENTRY RECEIPT POLICY
# Is the entry in the log that the policy names, and who signed for it? Needs openssl 3 and coreutils, and nobody's help.
set -euo pipefail
entry=$1 receipt=$2 policy=$3 work=$(mktemp -d) signed=0
trap 'rm -r "$work"' EXIT
fail() { echo "✗ $1"; exit 1; }
hex() { od -An -v -tx1 | tr -d ' \n'; }
bytes() { printf '%b' "$(sed 's/../\\x&/g' <<<"$1")"; }
sha() { openssl dgst -sha256 -binary | hex; }

[ "$(head -n 1 "$receipt")" = "c2sp.org/tlog-proof@v1" ] || fail "this is no receipt"
sed '/^$/,$d' "$receipt" >"$work/proof"                # the place of the entry and the hashes beside its way up
sed '1,/^$/d' "$receipt" >"$work/note"                 # the signed head of the log
sed '/^$/,$d' "$work/note" >"$work/head"               # its origin, size and root
index=$(sed -n 's/^index //p' "$work/proof") size=$(sed -n 2p "$work/head") root=$(sed -n 3p "$work/head" | base64 -d | hex)

hash=$({ bytes 00; cat "$entry"; } | sha) place=$index last=$((size - 1))
[ "$index" -lt "$size" ] || fail "the log is not so long"
for beside in $(sed '1,/^index /d' "$work/proof"); do  # RFC 9162, section 2.1.3.2
  beside=$(base64 -d <<<"$beside" | hex)
  [ ${#beside} = 64 ] && [ $last -gt 0 ] || fail "the proof is not one of this place"
  if ((place % 2 || place == last)); then
    hash=$(bytes "01$beside$hash" | sha)
    while ((place % 2 == 0 && place > 0)); do place=$((place / 2)) last=$((last / 2)); done
  else hash=$(bytes "01$hash$beside" | sha); fi
  place=$((place / 2)) last=$((last / 2))
done
[ $last = 0 ] && [ "$hash" = "$root" ] || fail "the entry is not in the log that was signed"
echo "✓ the entry is number $index of the $size in $(head -n 1 "$work/head")"

while read -r what one two _; do
  case $what in log) vkey=$one ;; witness) vkey=$two ;; *) continue ;; esac
  name=${vkey%%+*} rest=${vkey#*+} && id=${rest%%+*} key=$(base64 -d <<<"${rest#*+}" | hex)
  bytes "302a300506032b6570032100${key:2}" >"$work/key"
  while read -r _ who line; do
    line=$(base64 -d <<<"$line" | hex)
    [ "$who" = "$name" ] && [ "${line:0:8}" = "$id" ] || continue
    case $what${key:0:2} in
      log01) cp "$work/head" "$work/said" && bytes "${line:8}" >"$work/signature" && when="" signed=1 ;;
      witness04) time=$((16#${line:8:16})) && when=", who saw it at $(date -u -d "@$time" '+%F %T') UTC"
        { printf 'cosignature/v1\ntime %d\n' $time && cat "$work/head"; } >"$work/said" && bytes "${line:24}" >"$work/signature" ;;
      *) continue ;;
    esac
    openssl pkeyutl -verify -pubin -keyform DER -inkey "$work/key" -rawin -in "$work/said" -sigfile "$work/signature" \
      >/dev/null 2>&1 || fail "the signature of $name is not by its key"
    echo "✓ signed by the $what $name$when"
  done < <(grep '^— ' "$work/note")
done <"$policy"
[ $signed = 1 ] || fail "the log that the policy names did not sign this"
