#!/bin/sh
# Installs what the tests need and pip cannot bring: Chromium, also in its form without windows, which costs a third of
# the time where the distribution has it apart, a font with Chinese characters, without which every
# screenshot shows boxes, libfaketime, which lets a process see another time, Kannel, an SMS gateway by other hands that
# our simulated carriers have to get on with, and openssl, which makes certificates for servers in tests. Does nothing
# where all are there. Where it may not install, it says in one line what will be skipped; under CI that is an error,
# because a skipped check looks like a passed one.
set -u

find_chromium() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" > /dev/null 2>&1 && return 0
    done
    return 1
}

find_shell() {
    command -v chromium-headless-shell > /dev/null 2>&1
}

find_font() {
    # fc-list is not everywhere; Debian's package database answers where it is missing.
    fc-list :lang=zh 2> /dev/null | grep -q . || dpkg -s fonts-noto-cjk > /dev/null 2>&1
}

find_faketime() {
    find /usr/lib* -path '*/faketime/libfaketimeMT.so.1' 2> /dev/null | grep -q .
}

find_kannel() {
    PATH="$PATH:/usr/sbin" command -v bearerbox > /dev/null 2>&1
}

find_openssl() {
    command -v openssl > /dev/null 2>&1
}

wanted=""
find_chromium || wanted="chromium"
find_font || wanted="${wanted:+$wanted }fonts-noto-cjk"
find_faketime || wanted="${wanted:+$wanted }libfaketime"
find_kannel || wanted="${wanted:+$wanted }kannel"
find_openssl || wanted="${wanted:+$wanted }openssl"
# Only quicker: nobody is told where it can't be had.
quicker=""
find_shell || quicker="chromium-headless-shell"
[ -z "$wanted$quicker" ] && exit 0
if [ -z "$wanted" ]; then
    apt-cache show "$quicker" 2> /dev/null | grep -q . || exit 0
fi

give_up() {
    [ -z "$wanted" ] && exit 0
    echo "smsgate: missing here: $wanted ($1); the tests that need it are skipped or show no Chinese" >&2
    [ -n "${CI:-}" ] && exit 1
    exit 0
}

command -v apt-get > /dev/null 2>&1 || give_up "no apt-get"
if [ "$(id -u)" -eq 0 ]; then
    as_root="env"
elif sudo -n true > /dev/null 2>&1; then
    as_root="sudo -n env"
else
    give_up "neither root nor passwordless sudo"
fi

echo "installing $wanted $quicker with apt-get ..."
# An old package list names versions that the mirror has dropped; a failed update may still leave a usable one.
$as_root DEBIAN_FRONTEND=noninteractive apt-get update -qq || true
if [ -n "$quicker" ] && apt-cache show "$quicker" 2> /dev/null | grep -q .; then
    $as_root DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$quicker" > /dev/null 2>&1
fi
[ -z "$wanted" ] && exit 0
# $wanted is a list: one word per package.
# shellcheck disable=SC2086
$as_root DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $wanted > /dev/null \
    || give_up "apt-get install failed"
